from . import tools

name = __name__
