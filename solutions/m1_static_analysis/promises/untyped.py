from table_checked import closings


def warn(file):
    first = closings(file)[0]
    return first.strftime("%H:%M")
