import clock


def name():
    return f"shop at {clock.now()}"
