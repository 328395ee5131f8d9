from sign import headline


def test_last_minutes():
    assert headline(5) == "LAST 5 MIN"
