"""Why simulated people come, per unit: ICD-10 code, words, share, and by how much the stay is longer. Data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """`longer` multiplies the unit's median stay."""

    code: str
    words: str
    share: float
    longer: float


def _table(*rows: tuple[str, str, float, float]) -> tuple[Diagnosis, ...]:
    total = sum(share for _, _, share, _ in rows)
    return tuple(Diagnosis(code, words, share / total, longer) for code, words, share, longer in rows)


DIAGNOSES: dict[str, tuple[Diagnosis, ...]] = {
    "Emergency": _table(
        ("R07.9", "Chest pain", 24, 0.8),
        ("R55", "Syncope and collapse", 18, 0.9),
        ("S06.0", "Concussion", 14, 0.8),
        ("T78.2", "Anaphylactic shock", 8, 0.7),
        ("K29.7", "Gastritis", 14, 1.0),
        ("F10.1", "Alcohol, harmful use", 12, 1.3),
        ("N20.0", "Kidney stone", 10, 1.0),
    ),
    "ICU": _table(
        ("A41.9", "Sepsis", 30, 1.3),
        ("J96.0", "Acute respiratory failure", 26, 1.4),
        ("R57.0", "Cardiogenic shock", 12, 1.2),
        ("I61.9", "Intracerebral haemorrhage", 10, 1.5),
        ("K72.0", "Acute liver failure", 6, 1.4),
        ("T07", "Multiple injuries", 16, 0.8),
    ),
    "Surgery": _table(
        ("K35.8", "Acute appendicitis", 22, 0.55),
        ("K80.2", "Gallstones", 22, 0.65),
        ("K56.6", "Bowel obstruction", 16, 1.4),
        ("C18.9", "Colon cancer, resection", 14, 1.9),
        ("K43.9", "Ventral hernia", 14, 0.7),
        ("K57.3", "Diverticulitis", 12, 1.1),
    ),
    "Cardiac": _table(
        ("I50.9", "Heart failure", 34, 1.3),
        ("I21.4", "Myocardial infarction, NSTEMI", 24, 0.9),
        ("I48.9", "Atrial fibrillation", 20, 0.65),
        ("I35.0", "Aortic stenosis", 10, 1.5),
        ("I20.0", "Unstable angina", 12, 0.6),
    ),
    "Respiratory": _table(
        ("J44.1", "COPD, exacerbation", 34, 1.0),
        ("J18.9", "Pneumonia", 34, 1.1),
        ("J45.9", "Asthma", 12, 0.6),
        ("I26.9", "Pulmonary embolism", 12, 1.0),
        ("J90", "Pleural effusion", 8, 1.3),
    ),
    "Medicine": _table(
        ("E11.6", "Diabetes with complications", 18, 1.0),
        ("N39.0", "Urinary tract infection", 20, 0.8),
        ("L03.1", "Cellulitis", 14, 0.85),
        ("K92.2", "Gastrointestinal bleeding", 14, 0.9),
        ("N17.9", "Acute kidney failure", 16, 1.3),
        ("R41.0", "Delirium", 10, 1.8),
        ("K85.9", "Pancreatitis", 8, 1.3),
    ),
    "Oncology": _table(
        ("C34.9", "Lung cancer", 26, 1.1),
        ("C92.0", "Acute myeloid leukaemia", 12, 2.4),
        ("C83.3", "Lymphoma", 18, 1.1),
        ("D70", "Neutropenia with fever", 26, 0.9),
        ("C50.9", "Breast cancer", 18, 0.6),
    ),
    "Neurology": _table(
        ("I63.9", "Stroke", 40, 1.4),
        ("G45.9", "Transient ischaemic attack", 20, 0.45),
        ("G40.9", "Epilepsy", 20, 0.7),
        ("G35", "Multiple sclerosis", 10, 1.0),
        ("G20", "Parkinson's disease", 10, 1.4),
    ),
    "Orthopaedics": _table(
        ("S72.0", "Broken hip", 34, 1.6),
        ("M17.1", "Knee replacement", 26, 0.65),
        ("M16.1", "Hip replacement", 22, 0.7),
        ("S82.8", "Broken ankle", 18, 0.8),
    ),
    "Maternity": _table(
        ("O80", "Birth", 52, 0.8),
        ("O82", "Caesarean birth", 30, 1.35),
        ("O14.1", "Pre-eclampsia", 10, 1.7),
        ("O60.1", "Preterm labour", 8, 1.9),
    ),
    "Paediatrics": _table(
        ("J21.9", "Bronchiolitis", 30, 1.0),
        ("A09", "Gastroenteritis", 24, 0.7),
        ("J45.9", "Asthma", 22, 0.75),
        ("N10", "Pyelonephritis", 14, 1.3),
        ("E10.1", "Diabetes with ketoacidosis", 10, 1.2),
    ),
    "Rehabilitation": _table(
        ("I69.3", "After stroke", 40, 1.35),
        ("Z96.6", "After joint replacement", 32, 0.7),
        ("S06.9", "After head injury", 14, 1.4),
        ("G61.0", "Guillain-Barré syndrome", 14, 1.5),
    ),
}
