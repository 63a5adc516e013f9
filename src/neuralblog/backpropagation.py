"""Backpropagation, one number at a time: numbers that remember where they came from.

A `Value` computes like a float and keeps, for each number it was made from, how fast it
grows with that number. `backward` multiplies these slopes along all paths: the chain
rule. Far too slow for a network of any size; made to be read.
"""

from __future__ import annotations

import math
import sys
from dataclasses import KW_ONLY, dataclass, field

__all__ = ["Value"]


@dataclass(eq=False)
class Value:
    """A number that knows how it was computed.

    `data` is the number, `gradient` the slope of the last result along it (0 until
    that result's `backward`), `operation` what made it, and `inputs` pairs each Value
    it was made from with the local slope. `name` is for drawings.

    Examples:
        >>> a, b = Value(2), Value(3)
        >>> y = a * b + a
        >>> y.backward()
        >>> y, a, b
        (Value(8, gradient=1), Value(2, gradient=4), Value(3, gradient=2))
    """

    data: float
    _: KW_ONLY
    name: str = ""
    operation: str = ""
    inputs: tuple[tuple[Value, float], ...] = ()
    gradient: float = field(default=0.0, init=False)

    __array_ufunc__ = None  # NumPy's arrays leave it to us to refuse them

    def __post_init__(self) -> None:
        try:
            self.data = float(self.data)
        except (TypeError, ValueError):
            came = f"got {self.data!r:.40}".splitlines()[0]
            raise TypeError(f"Value: {came}, expected one number") from None

    def __add__(self, other: Value | float) -> Value:
        a, b = self, as_value(other)
        return Value(a.data + b.data, operation="+", inputs=((a, 1.0), (b, 1.0)))

    def __mul__(self, other: Value | float) -> Value:
        a, b = self, as_value(other)
        return Value(a.data * b.data, operation="*", inputs=((a, b.data), (b, a.data)))

    def __pow__(self, n: Value | float) -> Value:
        if isinstance(n, Value):
            return (n * self.log()).exp()
        if self.data == 0 and 0 != n < 1:
            raise ZeroDivisionError(f"Value: 0**{n} has no finite slope")
        slope = n * self.data ** (n - 1) if n else 0.0
        return Value(self.data**n, operation=f"**{n}", inputs=((self, slope),))

    def exp(self) -> Value:
        """Return e to the power of this Value."""
        if self.data > math.log(sys.float_info.max):
            raise OverflowError(f"Value: exp({self.data:g}) is too large for a float")
        y = math.exp(self.data)
        return Value(y, operation="exp", inputs=((self, y),))

    def log(self) -> Value:
        """Return the natural logarithm."""
        if not self.data > 0:
            raise ValueError(f"Value: log of {self.data:g}, expected a number > 0")
        y = math.log(self.data)
        return Value(y, operation="log", inputs=((self, 1 / self.data),))

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        y = math.tanh(self.data)
        return Value(y, operation="tanh", inputs=((self, 1 - y**2),))

    def relu(self) -> Value:
        """Return the Value itself if it is positive, else 0."""
        y, slope = max(self.data, 0.0), float(self.data > 0)
        return Value(y, operation="relu", inputs=((self, slope),))

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Value | float) -> Value:
        return self + -as_value(other)

    def __rsub__(self, other: float) -> Value:
        return other + -self

    def __truediv__(self, other: Value | float) -> Value:
        return self * as_value(other) ** -1

    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1

    def __rpow__(self, other: float) -> Value:
        return as_value(other) ** self

    __radd__, __rmul__ = __add__, __mul__

    def graph(self) -> list[Value]:
        """List all Values behind this one, each after those it was made from.

        That is a topological order. A stack takes the place of recursion, so that a
        chain of any length will do.
        """
        order: list[Value] = []
        seen: set[Value] = set()
        stack = [(self, False)]
        while stack:
            value, inputs_are_listed = stack.pop()
            if inputs_are_listed:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack.extend((one, False) for one, _ in value.inputs)
        return order

    def backward(self) -> None:
        """Fill the gradient of every Value behind this one; old gradients are dropped.

        Going backward through the order, a Value's gradient is complete (all its uses
        have been added up) before it is handed on.
        """
        order = self.graph()
        for value in order:
            value.gradient = 0.0
        self.gradient = 1.0
        for value in reversed(order):
            for one, slope in value.inputs:
                one.gradient += slope * value.gradient

    def __repr__(self) -> str:
        return f"Value({self.data:.4g}, gradient={self.gradient:.4g})"


def as_value(number: Value | float) -> Value:
    """Return a Value as it is, and a number as a Value with nothing behind it."""
    return number if isinstance(number, Value) else Value(number)
