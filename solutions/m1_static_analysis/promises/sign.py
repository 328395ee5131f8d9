from typing import Literal, assert_never

State = Literal["open", "closing", "closed", "works"]


def colour(state: State) -> str:
    match state:
        case "open":
            return "green"
        case "closing":
            return "amber"
        case "closed":
            return "red"
        case _:
            assert_never(state)
