from datetime import datetime

from instants import instant, is_dry

closes = instant("2026-05-01T09:30:00+00:00")
phone = datetime(2026, 5, 1, 9, 15)

print(is_dry(phone, closes))
