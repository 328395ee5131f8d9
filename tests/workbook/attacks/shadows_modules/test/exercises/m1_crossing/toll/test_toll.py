def test_nobody_pays_nothing():
    pass
