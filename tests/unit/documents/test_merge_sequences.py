"""Documents that live at random (`document_sequences`): no line of people is lost, no fact is old."""

from __future__ import annotations

from pathlib import Path

import pytest
from document_sequences import live


@pytest.mark.parametrize("batch", range(4))
def test_no_line_of_people_is_lost_and_no_fact_is_old(batch: int, tmp_path: Path) -> None:
    assert sum(live(seed, tmp_path) for seed in range(batch * 50, batch * 50 + 50)) > 200


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(50))
def test_ten_thousand_lives(batch: int, tmp_path: Path) -> None:
    assert sum(live(seed, tmp_path) for seed in range(batch * 200, batch * 200 + 200)) > 800
