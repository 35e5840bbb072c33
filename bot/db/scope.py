"""Branch scoping: the one place that decides which rows a signed-in person can reach.

A `ScopedSession` belongs to a viewer. Whatever is read, updated or deleted through it is narrowed to the
viewer's branch by `_narrow`: joins, aliases, subqueries, lazy and eager loads. `_verify` then looks at the
SQL that came out and refuses what was not narrowed, so that a mistake is loud and not a leak.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import event, inspect, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql.elements import TextClause

from bot.db.models import (
    Account,
    Client,
    Complaint,
    Contact,
    FeeRequest,
    FollowUp,
    MonthlyActivity,
    Position,
    Reading,
    Trade,
    Transfer,
    Visit,
    VisitEvent,
)

OF_BRANCH = (Client, Visit, FollowUp, Reading)
"""Entities that carry their branch."""
OF_CLIENT = (Account, Trade, MonthlyActivity, Transfer, Position, Contact, Complaint, FeeRequest)
"""Entities whose branch is their client's."""
OF_VISIT = (VisitEvent,)
"""Entities whose branch is their visit's."""
SCOPED = OF_BRANCH + OF_CLIENT + OF_VISIT

_ALL_BRANCHES = ("compliance", "admin")

# Aliases of the tables: the inner query must not correlate with the statement it is put into.
_CLIENT = Client.__table__.alias("scope_client")
_VISIT = Visit.__table__.alias("scope_visit")


class ScopeError(RuntimeError):
    """A statement cannot be narrowed to the viewer's branch and was refused."""


@dataclass(frozen=True)
class Viewer:
    """The signed-in person on whose behalf the database is read."""

    staff_id: int
    username: str
    name: str
    role: str
    branch_id: int

    @property
    def sees_all_branches(self) -> bool:
        """Compliance officers and administrators work for the whole house."""
        return self.role in _ALL_BRANCHES


class ScopedSession(Session):
    """A session on behalf of a viewer, kept in `info["viewer"]`."""

    def get(
        self,
        entity: Any,
        ident: Any,
        options: Any = None,
        populate_existing: bool = False,
        with_for_update: Any = None,
        identity_token: Any = None,
        execution_options: Any = None,
    ) -> Any:
        """Like `Session.get`, but never answered from memory: the row must be in the viewer's branch.

        The stock method returns an object the session already holds without asking the database, so a
        client who was moved to another branch meanwhile would stay reachable.
        """
        mapper = inspect(entity)
        if mapper.class_ not in SCOPED:
            return super().get(
                entity,
                ident,
                options=options,
                populate_existing=populate_existing,
                with_for_update=with_for_update,
                identity_token=identity_token,
                execution_options=execution_options,
            )
        (key,) = mapper.primary_key
        if isinstance(ident, dict):
            (ident,) = ident.values()
        elif isinstance(ident, tuple):
            (ident,) = ident
        statement = select(mapper.class_).where(mapper.get_property_by_column(key).class_attribute == ident)
        if options:
            statement = statement.options(*options)
        if with_for_update:
            locking = with_for_update if isinstance(with_for_update, dict) else {}
            statement = statement.with_for_update(**locking)
        settings = {**(execution_options or {}), "populate_existing": populate_existing}
        found = self.execute(statement, execution_options=settings)
        return found.unique().scalars().one_or_none()

    def query(self, *entities: Any, **kwargs: Any) -> NoReturn:
        """Refused: `Query.get` would read from memory. Use `select()`."""
        raise ScopeError("use select() in a viewer's session, not the legacy query()")

    def bulk_update_mappings(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: it updates by primary key without looking at the branch."""
        raise ScopeError("bulk_update_mappings() cannot be narrowed to a branch; use update()")

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: it updates by primary key without looking at the branch."""
        raise ScopeError("bulk_save_objects() cannot be narrowed to a branch; use add_all()")


@lru_cache(maxsize=1024)
def _criteria(branch_id: int) -> tuple[Any, ...]:
    """The conditions for one branch, one for each entity.

    They must be lambdas: SQLAlchemy calls those anew for each alias, whereas it puts a ready expression
    into a self-join without adapting it, and the alias would stay open.
    """
    return (
        *(
            _criterion(entity, lambda cls: cls.branch_id.between(branch_id, branch_id))
            for entity in OF_BRANCH
        ),
        *(
            _criterion(
                entity,
                lambda cls: cls.client_id.in_(select(_CLIENT.c.id).where(_CLIENT.c.branch_id == branch_id)),
            )
            for entity in OF_CLIENT
        ),
        *(
            _criterion(
                entity,
                lambda cls: cls.visit_id.in_(select(_VISIT.c.id).where(_VISIT.c.branch_id == branch_id)),
            )
            for entity in OF_VISIT
        ),
    )


def _condition(entity: Any, branch_id: int) -> Any:
    """The same condition as an expression, for the entity itself."""
    if entity in OF_BRANCH:
        # BETWEEN is an equality that no other query here would write; `_open_tables` knows it by that.
        return entity.branch_id.between(branch_id, branch_id)
    if entity in OF_CLIENT:
        return entity.client_id.in_(select(_CLIENT.c.id).where(_CLIENT.c.branch_id == branch_id))
    return entity.visit_id.in_(select(_VISIT.c.id).where(_VISIT.c.branch_id == branch_id))


def _criterion(entity: Any, condition: Callable[[Any], Any]) -> Any:
    # Carried along to loaders for the sake of joinedload(); _narrow sees lazy loads by itself.
    return with_loader_criteria(entity, condition, include_aliases=True, propagate_to_loaders=True)


@event.listens_for(ScopedSession, "do_orm_execute")
def _narrow(execution: Any) -> None:
    viewer: Viewer = execution.session.info["viewer"]
    if viewer.sees_all_branches:
        return
    if isinstance(execution.statement, TextClause):
        raise ScopeError("SQL text cannot be narrowed to a branch; use select() on the models")
    if execution.is_column_load:
        # SQLAlchemy exempts the refreshing of an object it holds; the client may have moved meanwhile.
        entity = execution.bind_mapper.class_
        if entity in SCOPED:
            execution.statement = execution.statement.where(_condition(entity, viewer.branch_id))
    elif execution.is_orm_statement and not execution.statement.is_insert:
        execution.statement = execution.statement.options(*_criteria(viewer.branch_id))
    execution.update_execution_options(**{_MARK: True})


@event.listens_for(Engine, "before_cursor_execute")
def _verify(_conn: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool) -> None:
    """Look at the finished SQL: SQLAlchemy leaves the conditions out of some shapes of statements.

    Known ones (1.4): tables named in WHERE alone, UNION, exists() without select(), a scalar subquery
    selected by itself, subqueries of UPDATE and DELETE. Each statement is looked at once.
    """
    if context is None or not context.execution_options.get(_MARK):
        return
    leaking = _open_tables(sql)
    if leaking:
        raise ScopeError(
            f"{', '.join(leaking)}: not narrowed to the viewer's branch. Select the model itself and join it "
            f"explicitly; no tables, no UNION, no exists() without select(). The statement: {sql}"
        )


@lru_cache(maxsize=4096)
def _open_tables(sql: str) -> tuple[str, ...]:
    """The client-owned tables that a statement reads or changes more often than it narrows them."""
    uses: Counter[tuple[str, str]] = Counter()
    for match in _USE.finditer(_INSERT_TARGET.sub("", sql)):
        table, alias = match["table"], match["alias"] or match["table"]
        if alias not in (_CLIENT.name, _VISIT.name):
            uses[table, alias] += 1
    return tuple(
        sorted(table for (table, alias), number in uses.items() if sql.count(_sign(table, alias)) < number)
    )


def _sign(table: str, alias: str) -> str:
    """How the condition on a table begins in SQL."""
    return f"{alias}.{_SIGNS[table]}"


_MARK = "liuke_narrowed"
_SIGNS = {
    **{entity.__tablename__: "branch_id BETWEEN " for entity in OF_BRANCH},
    **{entity.__tablename__: f"client_id IN (SELECT {_CLIENT.name}.id" for entity in OF_CLIENT},
    **{entity.__tablename__: f"visit_id IN (SELECT {_VISIT.name}.id" for entity in OF_VISIT},
}
# A table where it is used and not where its column is named; SQLAlchemy qualifies each column.
_USE = re.compile(
    rf'(?<![\w."])(?<!AS )"?(?P<table>{"|".join(_SIGNS)})"?(?![\w."])(?:\s+AS\s+"?(?P<alias>\w+)"?)?'
)
_INSERT_TARGET = re.compile(r'^\s*INSERT INTO\s+"?\w+"?')
