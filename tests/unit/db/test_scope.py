"""No way leads to another branch's clients: every entity, every kind of statement."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, inspect, select, text, union, union_all, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, aliased, joinedload, selectinload, subqueryload

from bot.db import models as m
from bot.db.migrate import upgrade
from bot.db.scope import SCOPED, ScopeError, Viewer
from bot.db.session import reset_engine, session_scope, system_session
from tests.conftest import use_database
from tests.unit.db.two_branches import AT, DAY, fill

ONE = Viewer(1, "u1", "员工", "advisor", 1)
TWO = Viewer(2, "u2", "员工", "supervisor", 2)
ENTITIES = pytest.mark.parametrize("entity", SCOPED, ids=lambda entity: entity.__name__)

HARMLESS_CHANGE = {
    m.Client: {"segment": "x"}, m.Account: {"fund_no": "x"}, m.Trade: {"name": "x"},
    m.Position: {"name": "x"}, m.MonthlyActivity: {"trades": 9}, m.Transfer: {"counterparty": "x"},
    m.Contact: {"note": "x"}, m.Complaint: {"text": "x"}, m.FeeRequest: {"competitor": "x"},
    m.Visit: {"purpose": "x"}, m.VisitEvent: {"kind": "card"}, m.FollowUp: {"topic": "x"},
    m.Reading: {"text": "x"},
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a filled database, to be copied."""
    file = tmp_path_factory.mktemp("filled") / "filled.db"
    with pytest.MonkeyPatch.context() as patch:
        use_database(patch, f"sqlite:///{file}")
        upgrade()
        with system_session() as session:
            fill(session)
        reset_engine()
    return file


@pytest.fixture(autouse=True)
def _two_branches(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shutil.copy(filled, tmp_path / "two.db")
    use_database(monkeypatch, f"sqlite:///{tmp_path / 'two.db'}")
    yield
    reset_engine()


@pytest.fixture(params=[ONE, TWO, ONE], ids=["one", "two", "one again"])
def viewer(request: pytest.FixtureRequest) -> Viewer:
    """Both branches in turn: a cached statement must not keep the first one's."""
    return request.param


@pytest.fixture
def scoped(viewer: Viewer) -> Iterator[Session]:
    with session_scope(viewer) as session:
        yield session


def ids(session: Session, statement: Any) -> list[int]:
    return sorted(session.execute(statement).scalars())


def test_every_table_but_the_houses_own_is_scoped() -> None:
    unscoped = {mapper.class_ for mapper in m.Base.registry.mappers} - set(SCOPED)
    assert unscoped == {m.Branch, m.Staff, m.Meta}


@ENTITIES
def test_lists(entity: Any, scoped: Session, viewer: Viewer) -> None:
    assert [row.id for row in scoped.execute(select(entity)).scalars()] == [viewer.branch_id]
    assert ids(scoped, select(entity.id)) == [viewer.branch_id]
    assert scoped.execute(select(func.count()).select_from(entity)).scalar_one() == 1
    assert scoped.execute(select(func.count(entity.id))).scalar_one() == 1
    assert scoped.execute(select(func.max(entity.id))).scalar_one() == viewer.branch_id


@ENTITIES
def test_by_id(entity: Any, scoped: Session, viewer: Viewer) -> None:
    other = 3 - viewer.branch_id
    assert scoped.get(entity, other) is None
    assert scoped.get(entity, (other,)) is None
    assert scoped.get(entity, {"id": other}) is None
    assert scoped.get(entity, other, populate_existing=True) is None
    assert scoped.get(entity, other, with_for_update=True) is None
    assert scoped.execute(select(entity).where(entity.id == other)).first() is None
    own = scoped.get(entity, viewer.branch_id)
    assert own is not None and own.id == viewer.branch_id
    assert scoped.get(entity, viewer.branch_id) is own


@ENTITIES
def test_aliased(entity: Any, scoped: Session, viewer: Viewer) -> None:
    other = aliased(entity)
    assert ids(scoped, select(other.id)) == [viewer.branch_id]
    pairs = scoped.execute(select(entity.id, other.id).join(other, other.id != entity.id)).all()
    assert pairs == []
    from_subquery = aliased(entity, select(entity).subquery())
    assert ids(scoped, select(from_subquery.id)) == [viewer.branch_id]


@ENTITIES
def test_joined_from_an_unscoped_table(entity: Any, scoped: Session, viewer: Viewer) -> None:
    pairs = select(m.Branch.id, entity.id).join(entity, entity.id == m.Branch.id)
    assert scoped.execute(pairs).all() == [(viewer.branch_id, viewer.branch_id)]
    outer = select(m.Branch.id, entity.id).outerjoin(entity, entity.id == m.Branch.id).order_by(m.Branch.id)
    assert [row[1] for row in scoped.execute(outer)].count(None) == 1


@ENTITIES
def test_in_subqueries(entity: Any, scoped: Session, viewer: Viewer) -> None:
    own = [viewer.branch_id]
    subquery = select(entity.id).subquery()
    assert ids(scoped, select(subquery.c.id)) == own
    cte = select(entity.id).cte()
    assert ids(scoped, select(cte.c.id)) == own
    assert ids(scoped, select(m.Branch.id).where(m.Branch.id.in_(select(entity.id)))) == own
    own_exists = select(entity.id).where(entity.id == m.Branch.id).exists()
    assert ids(scoped, select(m.Branch.id).where(own_exists)) == own
    number = select(func.count(entity.id)).scalar_subquery()
    assert scoped.execute(select(m.Branch.id, number)).all() == [(1, 1), (2, 1)]


@ENTITIES
def test_update(entity: Any, viewer: Viewer) -> None:
    change = HARMLESS_CHANGE[entity]
    with session_scope(viewer) as session:
        assert session.execute(update(entity).values(**change)).rowcount == 1
    with session_scope(viewer) as session:
        foreign = update(entity).where(entity.id == 3 - viewer.branch_id).values(**change)
        for synchronize in ("evaluate", "fetch", False):
            options = {"synchronize_session": synchronize}
            assert session.execute(foreign, execution_options=options).rowcount == 0
    with system_session() as session:
        (name, value) = next(iter(change.items()))
        changed = [row.id for row in session.execute(select(entity)).scalars() if getattr(row, name) == value]
    assert changed == [viewer.branch_id]


@pytest.mark.parametrize(
    "entity", [e for e in SCOPED if e not in (m.Client, m.Account, m.Visit)], ids=lambda e: e.__name__
)
def test_delete(entity: Any, viewer: Viewer) -> None:
    with session_scope(viewer) as session:
        assert session.execute(delete(entity).where(entity.id == 3 - viewer.branch_id)).rowcount == 0
        assert session.execute(delete(entity)).rowcount == 1
    with system_session() as session:
        assert [row.id for row in session.execute(select(entity)).scalars()] == [3 - viewer.branch_id]


@ENTITIES
def test_lazy_loading_reaches_no_other_branch(entity: Any, scoped: Session, viewer: Viewer) -> None:
    """A row that points across branches (a visitor of another branch) does not open the other's file."""
    other = 3 - viewer.branch_id
    names = [r.key for r in inspect(entity).relationships if not r.uselist and r.mapper.class_ in SCOPED]
    for name in names:
        if name == "visit" and entity is m.VisitEvent:
            continue  # its branch is its visit's: it cannot point across
        with system_session() as session:
            stored = session.get(entity, viewer.branch_id)
            (column,) = inspect(entity).relationships[name].local_columns
            if name in ("visit", "account") or (name == "client" and hasattr(entity, "branch_id")):
                setattr(stored, column.key, other)
        row = scoped.get(entity, viewer.branch_id)
        if row is None or getattr(row, f"{name}_id") != other:
            continue
        assert getattr(row, name) is None, name


def test_collections_are_narrowed(scoped: Session, viewer: Viewer) -> None:
    with system_session() as session:
        session.get(m.VisitEvent, 3 - viewer.branch_id).visit_id = viewer.branch_id
        session.get(m.VisitEvent, 3 - viewer.branch_id).seq = 2
        session.get(m.VisitEvent, viewer.branch_id).visit_id = 3 - viewer.branch_id
    visit = scoped.get(m.Visit, viewer.branch_id)
    assert [event.id for event in visit.events] == [3 - viewer.branch_id]  # an event is where its visit is
    client = scoped.get(m.Client, viewer.branch_id)
    assert [account.id for account in client.accounts] == [viewer.branch_id]
    assert client.branch.id == viewer.branch_id
    assert client.advisor.id == viewer.branch_id


@pytest.mark.parametrize("loading", [joinedload, selectinload, subqueryload], ids=lambda f: f.__name__)
def test_eager_loading(loading: Any, scoped: Session, viewer: Viewer) -> None:
    with system_session() as session:
        session.get(m.FollowUp, viewer.branch_id).client_id = 3 - viewer.branch_id
    found = scoped.execute(select(m.FollowUp).options(loading(m.FollowUp.client))).unique().scalars().all()
    assert [(row.id, row.client) for row in found] == [(viewer.branch_id, None)]
    clients = scoped.execute(select(m.Client).options(loading(m.Client.accounts))).unique().scalars().all()
    assert [[account.id for account in client.accounts] for client in clients] == [[viewer.branch_id]]


def test_join_along_relationships(scoped: Session, viewer: Viewer) -> None:
    along = select(m.Visit.id).join(m.Visit.client).join(m.Client.accounts).join(m.Client.contacts)
    assert ids(scoped, along) == [viewer.branch_id]
    with_alias = aliased(m.Client)
    assert ids(scoped, select(with_alias.id).join(m.Visit.client.of_type(with_alias))) == [viewer.branch_id]
    assert ids(
        scoped, select(m.Branch.id).where(m.Branch.id.in_(select(m.Visit.id).join(m.Visit.client)))
    ) == [viewer.branch_id]


def test_a_client_who_moved_is_gone_at_once(scoped: Session, viewer: Viewer) -> None:
    """`get` must not answer from the session's memory."""
    client = scoped.get(m.Client, viewer.branch_id)
    scoped.rollback()
    with system_session() as session:
        session.get(m.Client, viewer.branch_id).branch_id = 3 - viewer.branch_id
    assert client in scoped
    assert scoped.get(m.Client, viewer.branch_id) is None
    assert scoped.get(m.Trade, viewer.branch_id) is None


@ENTITIES
def test_refreshing_is_narrowed_too(entity: Any, scoped: Session, viewer: Viewer) -> None:
    own = scoped.get(entity, viewer.branch_id)
    scoped.refresh(own)
    scoped.expire(own)
    assert own.id == viewer.branch_id
    scoped.rollback()
    with system_session() as session:
        for owner in (m.Client, m.Visit, m.FollowUp, m.Reading):
            session.get(owner, viewer.branch_id).branch_id = 3 - viewer.branch_id
    with pytest.raises(InvalidRequestError):
        scoped.refresh(own)


def test_get_sees_what_the_session_changed(scoped: Session, viewer: Viewer) -> None:
    client = scoped.get(m.Client, viewer.branch_id)
    client.segment = "vip"
    assert scoped.get(m.Client, viewer.branch_id).segment == "vip"
    assert scoped.get(m.Branch, 3 - viewer.branch_id).id == 3 - viewer.branch_id
    scoped.refresh(client)
    assert client.segment == "vip"


def test_merge_does_not_take_over_a_foreign_row(viewer: Viewer) -> None:
    other = 3 - viewer.branch_id
    with pytest.raises(Exception, match=r"(?i)unique|not null"), session_scope(viewer) as session:
        session.merge(m.Contact(id=other, client_id=other, at=AT, channel="sms", direction="in", note="x"))
    with system_session() as session:
        assert session.get(m.Contact, other).note == "旧"


@ENTITIES
def test_what_cannot_be_narrowed_is_refused(entity: Any, scoped: Session) -> None:
    table = entity.__table__
    name = next(iter(HARMLESS_CHANGE[entity]))
    refused = [
        select(table),
        select(table.c.id),
        select(table.alias("a").c.id),
        select(func.count()).select_from(table),
        select(m.Branch.id).join(table, table.c.id == m.Branch.id),
        select(m.Branch.id).where(m.Branch.id.in_(select(table.c.id))),
        select(select(table).subquery()),
        select(table.c.id).union(select(m.Branch.id)),
        # SQLAlchemy itself leaves the conditions out of the following.
        select(m.Branch.id).where(m.Branch.id == entity.id),
        select(m.Branch.id).where(exists().where(entity.id == m.Branch.id)),
        select(select(func.count(entity.id)).scalar_subquery()),
        union(select(entity.id), select(entity.id)),
        union_all(select(m.Branch.id), select(entity.id)),
        select(union_all(select(entity.id), select(entity.id)).subquery().c.id),
        update(m.Branch).where(m.Branch.id.in_(select(entity.id))).values(phone="x"),
        delete(m.Meta).where(m.Meta.key.in_(select(m.Branch.name).where(m.Branch.id == entity.id))),
        update(table).values({name: "x"}),
        delete(table),
        select(entity).from_statement(select(table)),
        select(entity).from_statement(text(f"SELECT * FROM {table.name}")),
        text(f"SELECT * FROM {table.name}"),
    ]
    for statement in refused:
        with pytest.raises(ScopeError):
            scoped.execute(statement, execution_options={"synchronize_session": False})


def test_relationship_comparisons_are_refused(scoped: Session) -> None:
    for statement in (
        select(m.Visit.id).where(m.Visit.client.has()),
        select(m.Client.id).where(m.Client.accounts.any()),
    ):
        with pytest.raises(ScopeError):
            scoped.execute(statement)


def test_shortcuts_past_the_listener_are_refused(scoped: Session) -> None:
    with pytest.raises(ScopeError):
        scoped.query(m.Client)
    with pytest.raises(ScopeError):
        scoped.bulk_update_mappings(m.Client, [{"id": 1}])
    with pytest.raises(ScopeError):
        scoped.bulk_save_objects([])


def test_unscoped_tables_stay_open(scoped: Session) -> None:
    assert ids(scoped, select(m.Branch.id)) == [1, 2]
    assert ids(scoped, select(m.Branch.__table__.c.id)) == [1, 2]
    assert scoped.execute(select(m.Staff)).scalars().all()


def test_inserting(scoped: Session, viewer: Viewer) -> None:
    scoped.execute(
        insert(m.Contact).values(client_id=viewer.branch_id, at=AT, channel="sms", direction="out")
    )
    scoped.add(m.FollowUp(branch_id=viewer.branch_id, staff_id=1, due_on=DAY, topic="x"))
    scoped.flush()
    assert scoped.execute(select(func.count(m.Contact.id))).scalar_one() == 2
    with pytest.raises(ScopeError):
        scoped.execute(insert(m.Branch).from_select(["id"], select(m.Client.__table__.c.id)))


@pytest.mark.parametrize("role", ["compliance", "admin"])
def test_house_wide_roles_see_all(role: str) -> None:
    with session_scope(Viewer(9, "u", "n", role, 1)) as session:
        for entity in SCOPED:
            assert ids(session, select(entity.id)) == [1, 2]
            assert session.get(entity, 2).id == 2


@pytest.mark.parametrize("role", [r for r in m.ROLES if r not in ("compliance", "admin")])
def test_all_other_roles_are_narrowed(role: str) -> None:
    with session_scope(Viewer(9, "u", "n", role, 1)) as session:
        assert ids(session, select(m.Client.id)) == [1]


def test_interleaved_viewers_do_not_mix() -> None:
    with session_scope(ONE) as first, session_scope(TWO) as second:
        for _ in range(3):
            for entity in SCOPED:
                assert ids(first, select(entity.id)) == [1]
                assert ids(second, select(entity.id)) == [2]
        assert [a.id for a in first.get(m.Client, 1).accounts] == [1]
        assert [a.id for a in second.get(m.Client, 2).accounts] == [2]
