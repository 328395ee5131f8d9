from typing import reveal_type


def sign(minutes: int | None) -> str:
    if not minutes:
        reveal_type(minutes)
        return "closed"
    reveal_type(minutes)
    return f"{minutes} minutes"


if __name__ == "__main__":
    print(sign(0))
