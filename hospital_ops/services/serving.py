"""Which models serve: the active release in `<data_dir>/models`, or the stated baseline where there is none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from hospital_ops.config import get_settings
from hospital_ops.infra.models_folder import models_folder
from hospital_ops.ml import capacity, length_of_stay, strain, train_arrivals, train_shifts
from hospital_ops.ml.arrivals import ArrivalsModel, Counts
from hospital_ops.ml.capacity import CapacityModel
from hospital_ops.ml.length_of_stay import DischargeModel
from hospital_ops.ml.registry import ArtefactError
from hospital_ops.ml.strain import StrainModel
from hospital_ops.services.release_pointer import stamp

# Read again when another release is made active or the files of this one changed, and only then.
_KEPT = 2


def discharge_model() -> DischargeModel:
    """The discharge model that serves now. A missing or broken one is a baseline whose name says why."""
    folder = models_folder(get_settings().data_dir)
    return _discharge(folder, stamp(folder, length_of_stay.KIND))


def arrivals_model(recent: Counts) -> ArrivalsModel:
    """The arrivals model that serves now, or the mean of the same weekdays, whose name says why.

    Raises ValueError where not even a week of arrivals is known.
    """
    folder = models_folder(get_settings().data_dir)
    try:
        model = _arrivals(folder, stamp(folder, train_arrivals.KIND))
    except ArtefactError as error:
        return train_arrivals.fallback(recent, str(error))
    if model.units != recent.units:
        return train_arrivals.fallback(recent, "The trained model knows other wards.")
    return model


def capacity_model() -> CapacityModel:
    """Who answers whether a shift will be overfull: the winner of the last training, or the distribution alone."""
    folder = models_folder(get_settings().data_dir)
    return _capacity(folder, stamp(folder, capacity.KIND))


def strain_model() -> StrainModel:
    """What was fitted on this hospital's survey, or the published odds, whose name says so."""
    folder = models_folder(get_settings().data_dir)
    return _strain(folder, stamp(folder, strain.KIND))


@lru_cache(maxsize=_KEPT)
def _discharge(folder: Path, _version: bytes) -> DischargeModel:
    return length_of_stay.load(folder)


@lru_cache(maxsize=_KEPT)
def _arrivals(folder: Path, _version: bytes) -> ArrivalsModel:
    return train_arrivals.load_arrivals(folder)


@lru_cache(maxsize=_KEPT)
def _capacity(folder: Path, _version: bytes) -> CapacityModel:
    return train_shifts.load_shifts(folder)


@lru_cache(maxsize=_KEPT)
def _strain(folder: Path, _version: bytes) -> StrainModel:
    return strain.load(folder)
