"""Draw an interactive figure of a lesson, with the solution's functions or with the student's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.course.interactive import INTERACTIVE, Interactive
from grader.engine.reference import Reference, load_module
from grader.errors import Fault
from grader.scene import Scene, Settings

if TYPE_CHECKING:
    from grader.engine.student import Student


@dataclass(frozen=True)
class Moving:
    """The figures of a lesson, loaded beside its solution."""

    reference: Reference

    def draw(self, figure: Interactive, values: Mapping[str, Any]) -> Scene:
        """Draw with the solution's functions; raises Fault if the figure fails."""
        try:
            return self._function(figure)(
                **{name: getattr(self.reference.solution, name) for name in figure.exercises},
                **Settings(figure.controls, values).all(),
            )
        except Exception as error:
            raise Fault(f"{self._file}:{figure.line}: {figure.name} fails: {type(error).__name__}: {error}.") from error

    def draw_own(self, figure: Interactive, values: Mapping[str, Any], student: "Student") -> Scene:
        """Draw with the student's functions; raises CallFailed, CallLost or CheckFailed as they do in a check."""
        return self._function(figure)(
            **{name: student.function(self.reference.lesson.exercise(name)) for name in figure.exercises},
            **Settings(figure.controls, values).all(),
        )

    def _function(self, figure: Interactive) -> Callable[..., Scene]:
        function: Callable[..., Scene] = getattr(self._module, figure.name)
        return function

    @property
    def _file(self) -> str:
        lesson = self.reference.lesson
        return lesson.shown(lesson.folder / f"{INTERACTIVE}.py")

    @cached_property
    def _module(self) -> Any:
        lesson = self.reference.lesson
        assert self.reference.modules  # the package that the file belongs to is there
        return load_module(lesson.folder / f"{INTERACTIVE}.py", f"lessons.{lesson.name}.{INTERACTIVE}")
