"""rollback: paths that a revert would conflict in, and migrations with and without a way back."""

from __future__ import annotations

import pytest
from gate_facts import Trees, between, change, facts, waived
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from git_hotfix.gates import judge
from git_hotfix.gates.registry import NoOptions
from git_hotfix.gates.rollback import check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

BY_HAND = "a revert has to be made by hand: write down how"
WRITE = "write the way back, or write down what happens to the data when the code is reverted"
PASSED = Judgement("0 obstacles", "0 obstacles")

ALEMBIC = "revision = 'a1'\ndown_revision = 'a0'\n\ndef upgrade():\n    op.drop_column('t', 'c')\n\n"
DJANGO = "class Migration(migrations.Migration):\n    operations = [{}]\n"
RAILS = "class X < ActiveRecord::Migration[7.0]\n{}end\n"
RAILS_UP = "  def up\n    drop_table :a\n  end\n"
LARAVEL = (
    "return new class extends Migration\n{{\n    public function up(): void\n    {{\n        x();\n    }}\n{}}};\n"
)
TYPEORM = (
    "export class X implements MigrationInterface {{\n"
    "  public async up(q: QueryRunner): Promise<void> {{\n    a();\n  }}\n{}}}\n"
)
EF = "partial class X : Migration {{\n  protected override void Up(MigrationBuilder b)\n  {{ b.Drop(); }}\n{}}}\n"
ECTO = "defmodule X do\n  use Ecto.Migration\n  def up do\n    drop table(:a)\n  end\n{}end\n"

ONE_WAY = {
    "db/alembic/versions/a1.py": (ALEMBIC, "no downgrade()"),
    "versions/a2.py": (ALEMBIC + "def downgrade():\n    pass\n", "downgrade() does nothing"),
    "versions/a3.py": (ALEMBIC + "def downgrade():\n    '''No.'''\n    raise NotImplementedError\n",
                       "downgrade() does nothing"),
    "shop/migrations/0007_x.py": (DJANGO.format("migrations.RunPython(forwards)"), "RunPython without reverse_code"),
    "shop/migrations/0008_x.py": (DJANGO.format("RunSQL(sql='drop a', hints=None)"), "RunSQL without reverse_sql"),
    "db/migrate/1_x.rb": (RAILS.format(RAILS_UP), "no down"),
    "db/migrate/2_x.rb": (RAILS.format(RAILS_UP + "  def down\n    # never\n  end\n"), "down does nothing"),
    "db/migrate/3_x.rb": (RAILS.format(RAILS_UP + "  def down\n    raise ActiveRecord::IrreversibleMigration\n  end\n"),
                          "it says itself that it is irreversible"),
    "db/migrate/4_x.rb": (RAILS.format("  def change\n    execute 'drop table a'\n  end\n"), "change executes SQL"),
    "priv/repo/migrations/1_x.exs": (ECTO.format(""), "no down"),
    "database/migrations/1_x.php": (LARAVEL.format(""), "no down()"),
    "database/migrations/2_x.php": (LARAVEL.format("    public function down(): void\n    {\n        //\n    }\n"),
                                    "down() does nothing"),
    "migrations/1_x.js": ("exports.up = function(knex) { return knex.drop('a'); };\n", "no down()"),
    "migrations/2_x.js": ("exports.up = (k) => { k.drop() };\nexports.down = (k) => {};\n", "down() does nothing"),
    "migrations/3_x.js": ("module.exports = {\n  async up(q) { await q.drop(); },\n  async down() { /* no */ },\n};\n",
                          "down() does nothing"),
    "migrations/4_x.js": ("module.exports = { up: async (q) => { a() }, down: () => { throw new Error('no'); } };\n",
                          "down() does nothing"),
    "src/migrations/5_x.ts": (TYPEORM.format("  public async down(q: QueryRunner): Promise<void> {\n    // no\n  }\n"),
                              "down() does nothing"),
    "Data/Migrations/X.cs": (EF.format("  protected override void Down(MigrationBuilder b)\n  {\n  }\n"),
                             "Down() does nothing"),
    "db/migration/V2.1__x.sql": ("drop table a;\n", "no U2.1__….sql beside it"),
    "db/0007_x.up.sql": ("drop table a;\n", "no 0007_x.down.sql beside it"),
    "prisma/migrations/1_x/migration.sql": ("drop table a;\n", "no down.sql beside it"),
    "db/migrations/1_goose.sql": ("-- +goose Up\ndrop table a;\n-- +goose Down\n-- nothing\n",
                                  "nothing below -- +goose Down"),
    "db/migrations/2_dbmate.sql": ("-- migrate:up\ndrop table a;\n", "nothing below -- migrate:down"),
}  # fmt: skip
BOTH_WAYS = {
    "versions/b1.py": ALEMBIC + "def downgrade():\n    op.add_column('t', 'c')\n",
    "versions/b2.py": ALEMBIC.replace("op.drop_column('t', 'c')", "pass") + "def downgrade():\n    pass\n",
    "versions/b3.py": "x = 1\n",
    "shop/migrations/0001_x.py": DJANGO.format("migrations.AddField('a', 'b', None)"),
    "shop/migrations/0002_x.py": DJANGO.format("RunPython(a, RunPython.noop), RunSQL(sql='x', reverse_sql='y')"),
    "shop/migrations/0003_x.py": DJANGO.format("RunPython(**both)"),
    "shop/migrations/__init__.py": "",
    "db/migrate/5_x.rb": RAILS.format("  def change\n    add_column :a, :b, :integer\n  end\n"),
    "db/migrate/6_x.rb": RAILS.format(RAILS_UP + "  def down\n    create_table :a\n  end\n"),
    "db/migrate/7_x.rb": RAILS.format(
        "  def change\n    reversible do |d|\n      d.up do\n      execute 'x'\n    end\n"
    ),
    "lib/migration/recorder.rb": "# A recorder of ActiveRecord::Migration.\nraise IrreversibleMigration\n",
    "priv/repo/migrations/2_x.exs": ECTO.format("  def down do\n    create table(:a)\n  end\n"),
    "database/migrations/3_x.php": LARAVEL.format("    public function down(): void\n    {\n        x();\n    }\n"),
    "migrations/5_x.js": "exports.up = (k) => { a() };\nexports.down = (k) => { b() };\n",
    "migrations/6_x.js": "export const up = async (k) => { a() }\nexport async function down(k) { return b() }\n",
    "migrations/7_x.js": "exports.up = function () { };\n",
    "src/db/popup.ts": "function up(x) { a() }\n",
    "Data/Migrations/Y.cs": EF.format("  protected override void Down(MigrationBuilder b)\n  { b.Add(); }\n"),
    "db/migrations/3_goose.sql": "-- +goose Up\ndrop table a;\n-- +goose Down\ncreate table a;\n",
    "db/views.sql": "select 1;\n",
    "tests/migrations/0001_x.py": DJANGO.format("RunPython(a)"),
    "src/app.py": ALEMBIC,
}


@pytest.mark.parametrize("path", ONE_WAY)
def test_a_migration_without_a_way_back(path: str) -> None:
    text, why = ONE_WAY[path]
    finding = Finding(f"a migration without a way back: {why}", path=path, hint=WRITE)
    for content in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        assert check(between({}, {path: content.encode()}), NoOptions()) == Judgement(
            "1 obstacle", "0 obstacles", (finding,)
        )
    assert check(between({path: b""}, {path: text.encode()}), NoOptions()) == PASSED  # only added ones are judged


@pytest.mark.parametrize("path", BOTH_WAYS)
def test_a_migration_with_a_way_back_and_what_is_none(path: str) -> None:
    assert check(between({}, {path: BOTH_WAYS[path].encode()}), NoOptions()) == PASSED


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("db/migration/V2__x.sql", "db/migration/U2__x.sql"),
        ("V2__x.sql", "U2__take_back.sql"),
        ("db/0007_x.up.sql", "db/0007_x.down.sql"),
        ("prisma/migrations/1_x/migration.sql", "prisma/migrations/1_x/down.sql"),
    ],
)
def test_a_way_back_in_a_file_beside_it(up: str, down: str) -> None:
    assert check(between({}, {up: b"drop table a;\n", down: b"create table a;\n"}), NoOptions()) == PASSED
    assert check(between({}, {up: b"drop table a;\n", f"x/{down}": b""}), NoOptions()).measured == "1 obstacle"


@pytest.mark.parametrize("content", [None, b"def f(:\n", b"\0", b"#" * 1_000_001])
def test_a_migration_that_cannot_be_read(content: bytes | None) -> None:
    unread = Finding("not read: whether this migration has a way back is open", path="app/migrations/caf\udce9.py")
    given = between({}, {"app/migrations/caf\udce9.py": content})
    assert check(given, NoOptions()) == Judgement("0 obstacles", "0 obstacles", (), (unread,))


def test_more_migrations_than_are_read() -> None:
    files = {f"app/migrations/{n:04}.py": b"" for n in range(202)}
    judgement = check(between({}, files), NoOptions())
    assert [each.path for each in judgement.unread] == ["app/migrations/0200.py", "app/migrations/0201.py"]


def test_a_revert_that_would_conflict() -> None:
    given = facts(change("a.py"), content=Trees(conflicts=("a.py", "caf\udce9\n")))
    message = "reverting the hotfix on production would conflict here"
    findings = tuple(Finding(message, path, hint=BY_HAND) for path in ("a.py", "caf\udce9\n"))
    assert check(given, NoOptions()) == Judgement("2 obstacles", "0 obstacles", findings)


def test_it_warns_and_a_team_may_block() -> None:
    bad = facts(content=Trees(conflicts=("a.py",)))
    assert judge(bad, only=["rollback"]).gates[0].status == "warn"
    policy = Policy(gates={"rollback": GatePolicy("block", (), NoOptions())})
    blocking = facts(content=Trees(conflicts=("a.py",)), policy=policy)
    assert judge(blocking, only=["rollback"]).gates[0].status == "fail"
    assert judge(waived(blocking, "rollback"), only=["rollback"]).gates[0].status == "waived"


@settings(max_examples=60, deadline=None)
@generated(path=st.sampled_from(sorted({**ONE_WAY, **BOTH_WAYS})), content=st.binary(max_size=200))
def test_any_bytes_are_read_or_said(path: str, content: bytes) -> None:
    judgement = check(between({}, {path: content}), NoOptions())
    assert len(judgement.findings) + len(judgement.unread) <= 1
