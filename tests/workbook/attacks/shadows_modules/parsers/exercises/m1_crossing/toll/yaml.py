def safe_load(_):
    return {'open': '06:10'}
