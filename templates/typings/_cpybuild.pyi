"""What connects the interpreter with its host program."""

from typing import ClassVar, Generic, TypeVar, final, overload

_T_co = TypeVar("_T_co", covariant=True)

class HostError(Exception):
    """What a function of the host threw."""

    stack: str | None

class HostRuntimeError(HostError, RuntimeError):
    """A function of the host threw."""

class HostTypeError(HostError, TypeError):
    """The host returned a value of a wrong type."""

class HostOverflowError(HostError, OverflowError):
    """The host returned a number out of range."""

class HostValueError(HostError, ValueError):
    """The host returned text that cannot be passed."""

@final
class Some(Generic[_T_co]):
    """A value that is there, where None may be one too."""

    __match_args__ = ("value",)
    @property
    def value(self) -> _T_co: ...
    def __init__(self, value: _T_co) -> None: ...
    def __eq__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Ok(Generic[_T_co]):
    """A result that is no error."""

    __match_args__ = ("value",)
    @property
    def value(self) -> _T_co: ...
    @overload
    def __init__(self: Ok[None], value: None = None) -> None: ...
    @overload
    def __init__(self, value: _T_co) -> None: ...
    def __eq__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Err(Generic[_T_co]):
    """A result that is an error."""

    __match_args__ = ("value",)
    @property
    def value(self) -> _T_co: ...
    @overload
    def __init__(self: Err[None], value: None = None) -> None: ...
    @overload
    def __init__(self, value: _T_co) -> None: ...
    def __eq__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]
