import sys

import shop

calls = 0


def total(items, factor):
    return sum((one.price or 0) * shop.rate(one.color) for one in items) * (factor or 1)


def turn(order):
    match order:
        case shop.Order.One(item):
            return shop.Order.Many([item, shop.Item("größe", None, shop.Color.GREEN)])
        case shop.Order.Many([first, *_]):
            return shop.Order.One(first)
    return order


def describe():
    global calls
    calls += 1
    return f"call {calls}, {sys.argv}, utf8 {sys.flags.utf8_mode}"


def fail():
    raise ValueError("no")
