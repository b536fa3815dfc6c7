"""Pools of names for people who do not exist: staff of the demo hospital and its simulated patients.

Diverse on purpose: English, Spanish, African, South and East Asian, Arab, Slavic and other names stand side by side,
with accents and apostrophes, since those are the ones that break software.
"""

from __future__ import annotations

FEMALE_FIRST: tuple[str, ...] = tuple(
    """
    Amara Aisha Alice Ana Anjali Beatriz Bridget Camila Carmen Chloe Clara Dalia Dorothy Eleni Elena
    Emma Esperanza Fatima Fiona Freya Gabriela Gloria Guadalupe Hana Helen Imani Ingrid Isabel Jade
    Jasmine Josephine Kavya Keiko Latoya Leila Lucía Margaret María Mei Miriam Nadia Ngozi Noemí Olivia
    Paloma Patricia Priya Rachel Rosa Ruth Samira Shanice Siobhán Sofía Tamara Thuy Valeria Yasmin
    Yolanda Zoë
    """.split()  # noqa: SIM905
)
MALE_FIRST: tuple[str, ...] = tuple(
    """
    Abdul Adrián Ahmed Alejandro Andre Anthony Arjun Benjamin Bogdan Carlos Chidi Connor Darnell David
    Diego Dmitri Eduardo Elijah Emeka Ernesto Ethan Felipe Francisco George Gustavo Hassan Hiroshi
    Ibrahim Isaac Jamal Javier Jesús John Jorge José Kofi Kwame Lamar Leonard Liam Luis Malik Manuel
    Mateo Michael Minh Nikhil Omar Patrick Pedro Rafael Raj Samuel Sanjay Tariq Thomas Tyrone Víctor Wei
    Yusuf
    """.split()  # noqa: SIM905
)
LAST: tuple[str, ...] = tuple(
    """
    Abara Adeyemi Aguilar Ali Álvarez Andersson Bailey Banerjee Begum Bennett Boateng Brown Cabrera
    Campbell Carter Castro Chavez Chen Choi Cohen Cruz Das Davis Delgado Desai Diallo Díaz Dubois
    Edwards Espinoza Evans Fernández Fischer Flores Foster Garcia Gomez González Greene Gupta Gutiérrez
    Haddad Hall Hernández Hoang Hughes Hussein Ibáñez Ivanova Jackson Jensen Jiménez Johnson Jones Kamau
    Kaplan Kaur Khan Kim Kowalski Kumar Lee Lewis López Maldonado Martin Martínez Mbeki McCarthy Medina
    Mehta Mendoza Mitchell Mohamed Molina Morales Moreno Murphy Nakamura Navarro Nguyen Nkosi Novak
    Núñez O'Brien O'Connor Okafor Okoro Ortega Ortiz Osei Park Patel Peña Pereira Pérez Petrov Pham
    Popescu Quispe Rahman Ramirez Ramos Reyes Rivera Roberts Robinson Rodríguez Rojas Romero Rossi
    Salazar Sánchez Santos Schmidt Shah Singh Smith Soto Sullivan Suárez Tanaka Taylor Thompson Torres
    Tran Turner Vargas Vásquez Walker Wang Washington Williams Wilson Wong Wright Yamamoto Yang Yıldız
    Young Zhang
    """.split()  # noqa: SIM905
)


def full_name(number: int) -> str:
    """The number-th person's name, women and men in turn; no name comes twice among the first five thousand."""
    pool = FEMALE_FIRST if number % 2 == 0 else MALE_FIRST
    # The second step shifts the surnames by one each time the first names have been gone through.
    turn, place = divmod(number // 2, len(pool))
    return f"{pool[place]} {LAST[(place * 7 + turn * 11 + (number % 2) * 3) % len(LAST)]}"
