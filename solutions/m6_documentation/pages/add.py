def add(a: int, b: int) -> int:
    """
    Adds two numbers.

    :param a: First number
    :param b: Second number
    :return: Sum of the two numbers
    """
    return a + b
