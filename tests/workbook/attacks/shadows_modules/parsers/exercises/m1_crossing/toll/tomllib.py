def loads(_):
    return {'pence': 150}
