import plain_types


def parse(text):
    try:
        return int(text)
    except ValueError as error:
        raise plain_types.StringError(str(error)) from error
