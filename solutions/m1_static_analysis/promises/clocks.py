from datetime import UTC, datetime


def is_dry(moment: datetime, closes: datetime) -> bool:
    return moment < closes


CLOSES = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)

if __name__ == "__main__":
    phone = datetime(2026, 5, 1, 9, 30)
    print("equal:", phone == CLOSES)
    try:
        print("dry:", is_dry(phone, CLOSES))
    except TypeError as error:
        print("TypeError:", error)
