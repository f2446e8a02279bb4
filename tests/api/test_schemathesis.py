"""The description of the API, taken at its word for every kind of principal."""

import re
from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import sampled_from
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

import mpp.app  # noqa: F401 (declares the routes)
from mpp import OLDEST_CLIENT, VERSION
from mpp.api.openapi import description

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
]
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WHO = ["kiosk", "officer_a", "supervisor", "display", "nobody"]
SCHEMA = schemathesis.openapi.from_dict(description(VERSION, OLDEST_CLIENT))
OPERATIONS = {one.ok().label: one.ok() for one in SCHEMA.get_all_operations()}
# Where nothing is asked for, or any word will do, nothing can be wrong either.
DEMANDING = [label for label in OPERATIONS if re.search(r"POST|counter_id|events", label)]
fresh = count()


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_what_the_description_allows_is_answered_as_it_says(label, mall):
    @BOUNDED
    @given(case=OPERATIONS[label].as_strategy(generation_mode=GenerationMode.POSITIVE), who=sampled_from(WHO))
    def is_kept(case, who):
        if case.method == "POST":
            case.headers["Idempotency-Key"] = f"once-{next(fresh)}"
        validate(case, mall, who)

    is_kept()


@pytest.mark.parametrize("label", sorted(DEMANDING))
def test_what_the_description_forbids_is_refused_as_it_says(label, mall):
    @BOUNDED
    @given(case=OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE), who=sampled_from(WHO))
    def is_kept(case, who):
        validate(case, mall, who)

    is_kept()


def test_all_that_leaves_a_sound_log(mall):
    mall.command("check")


def validate(case, mall, who):
    key = {"Authorization": f"Bearer {mall.keys[who]}"} if who in mall.keys else {}
    case.call_and_validate(base_url=mall.base, headers=key, checks=CHECKS, timeout=15)
