def dumps(*_, **__):
    return '{"value": null}'


def loads(_):
    return {}
