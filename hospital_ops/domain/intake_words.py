"""Every sentence that a patient reads during registration, in English and Spanish.

Keys are grouped by where they stand. A test holds both languages to the same keys and the same placeholders.
"""

from __future__ import annotations

from hospital_ops.domain.intake import LANGUAGES

Words = dict[str, tuple[str, str]]

_FRAME: Words = {
    "title": ("Registration", "Registro"),
    "language": ("Language", "Idioma"),
    "english": ("English", "English"),
    "spanish": ("Español", "Español"),
    "progress": ("Step {n} of {of}", "Paso {n} de {of}"),
    "next": ("Next", "Siguiente"),
    "back": ("Back", "Atrás"),
    "optional": ("optional", "opcional"),
    "saving": ("Saving…", "Guardando…"),
    "saved": ("Saved", "Guardado"),
    "not_saved": ("Not saved yet. We keep trying.", "Aún no se ha guardado. Seguimos intentándolo."),
    "stale": (
        "The connection is lost. Keep writing: it will be saved when the connection is back.",
        "Se perdió la conexión. Siga escribiendo: se guardará cuando vuelva la conexión.",
    ),
    "loading": ("Opening your registration…", "Abriendo su registro…"),
    "simulated": (
        "Demonstration with simulated data. Please do not enter a real person's data.",
        "Demostración con datos simulados. Por favor no escriba datos de una persona real.",
    ),
    "later": ("Go on later or on another phone", "Continuar después o en otro teléfono"),
    "again_elsewhere": (
        "To go on later or on another device, keep this link. It opens only your registration.",
        "Para continuar después o en otro dispositivo, guarde este enlace. Solo abre su registro.",
    ),
    "copy": ("Copy the link", "Copiar el enlace"),
    "copied": ("Copied", "Copiado"),
}

_WELCOME: Words = {
    "welcome": ("Welcome", "Bienvenido"),
    "welcome.help": (
        "Register on your own phone in about three minutes. Everything is saved as you write.",
        "Regístrese en su propio teléfono en unos tres minutos. Todo se guarda mientras escribe.",
    ),
    "welcome.start": ("Start in English", "Empezar en español"),
    "welcome.emergency": (
        "If this is an emergency, please tell someone at the desk now.",
        "Si es una emergencia, avise ahora a alguien en recepción.",
    ),
    "link_expired": (
        "This link has expired. Please start again, or ask the desk for a new link.",
        "Este enlace ha caducado. Empiece de nuevo o pida un enlace nuevo en recepción.",
    ),
    "link_unknown": (
        "We do not know this link. Please start again, or ask the desk for a new link.",
        "No conocemos este enlace. Empiece de nuevo o pida un enlace nuevo en recepción.",
    ),
    "signed_out": (
        "For your safety this page was closed after a while. Open your link again to go on.",
        "Por su seguridad esta página se cerró después de un rato. Abra de nuevo su enlace para continuar.",
    ),
    "away": (
        "The hospital cannot be reached at the moment. Please try again in a minute.",
        "No se puede contactar con el hospital en este momento. Inténtelo de nuevo en un minuto.",
    ),
    "away.saved": (
        "The hospital cannot save this at the moment. Please leave this page open: it tries again by itself.",
        "El hospital no puede guardar esto en este momento. Por favor deje esta página abierta: lo intentará sola.",
    ),
    "refused.too_late": (
        "The desk has already confirmed your registration. Please tell them what should change.",
        "La recepción ya confirmó su registro. Por favor dígales qué debe cambiar.",
    ),
    "refused.too_long": ("Please write this a little shorter.", "Por favor escríbalo un poco más corto."),
    "refused.not_usable": ("Please write this answer yourself.", "Por favor escriba usted esta respuesta."),
    "refused.look_again": (
        "This has changed meanwhile. Please look again.",
        "Esto cambió mientras tanto. Por favor mire de nuevo.",
    ),
    "refused.too_fast": (
        "That was very fast. Wait a moment and try again.",
        "Eso fue muy rápido. Espere un momento e inténtelo de nuevo.",
    ),
    "refused.other_registration": (
        "Another registration was opened on this phone. Reload this page before you go on.",
        "En este teléfono se abrió otro registro. Vuelva a cargar esta página antes de continuar.",
    ),
    "refused.broken": (
        "Something went wrong here. Nothing was changed; please try again.",
        "Algo falló aquí. No se cambió nada; inténtelo de nuevo.",
    ),
    "close": ("Close this message", "Cerrar este mensaje"),
    "other_site": (
        "This page was opened from another site. Please start here.",
        "Esta página se abrió desde otro sitio. Por favor empiece aquí.",
    ),
    "too_many": (
        "Too many registrations were started from here. Please wait a few minutes.",
        "Se iniciaron demasiados registros desde aquí. Espere unos minutos.",
    ),
}

_QUESTIONS: Words = {
    "name": ("What is your name?", "¿Cómo se llama?"),
    "name.help": ("As it stands on your ID.", "Tal como aparece en su identificación."),
    "first_name": ("First name", "Nombre"),
    "last_name": ("Last name", "Apellidos"),
    "birth": ("When were you born?", "¿Cuándo nació?"),
    "birth.help": ("We use it to find the right record.", "La usamos para encontrar el expediente correcto."),
    "dob": ("Date of birth", "Fecha de nacimiento"),
    "sex": ("Sex, for the choice of a room", "Sexo, para elegir la habitación"),
    "sex.female": ("Female", "Femenino"),
    "sex.male": ("Male", "Masculino"),
    "sex.other": ("Other", "Otro"),
    "sex.unknown": ("I prefer not to say", "Prefiero no decirlo"),
    "contact": ("How can we reach you?", "¿Cómo podemos contactarle?"),
    "contact.help": ("Only the hospital uses this.", "Solo el hospital usa estos datos."),
    "phone": ("Phone number", "Número de teléfono"),
    "address": ("Address", "Dirección"),
    "why": ("Why do you come today?", "¿Por qué viene hoy?"),
    "why.help": ("A few words are enough.", "Bastan unas pocas palabras."),
    "visit": ("Your visit", "Su visita"),
    "visit.urgent": ("It is urgent", "Es urgente"),
    "visit.planned": ("I have an appointment", "Tengo una cita"),
    "visit.referred": ("A doctor sent me", "Me envía un médico"),
    "reason": ("What is the matter?", "¿Qué le pasa?"),
    "insurance": ("Do you have health insurance?", "¿Tiene seguro médico?"),
    "insurance.help": (
        "You can photograph the card in the next step.",
        "Puede fotografiar la tarjeta en el paso siguiente.",
    ),
    "has_insurance": ("Health insurance", "Seguro médico"),
    "has_insurance.yes": ("Yes", "Sí"),
    "has_insurance.no": ("No, or I do not know", "No, o no lo sé"),
    "insurance_payer": ("Insurance company", "Compañía de seguros"),
    "insurance_policy_num": ("Member or policy number", "Número de miembro o de póliza"),
    "insurance_group": ("Group number", "Número de grupo"),
    "photos": ("Photograph your cards", "Fotografíe sus tarjetas"),
    "photos.help": (
        "Good light, the whole card in the picture. You may also skip this step.",
        "Buena luz y la tarjeta entera en la foto. También puede saltarse este paso.",
    ),
    "consent": ("Your consent", "Su consentimiento"),
    "consent.help": ("Please read this, then sign.", "Por favor lea esto y después firme."),
    "consent.text": (
        "I agree that this hospital examines and treats me, uses what I have written here and the photos of my cards "
        "to care for me and to settle the costs with my insurance, and keeps them as the law requires. I may ask at "
        "any time what is kept about me, and I may withdraw this consent at the desk.",
        "Acepto que este hospital me examine y me atienda, que use lo que he escrito aquí y las fotos de mis tarjetas "
        "para atenderme y para gestionar los costos con mi seguro, y que los conserve según exige la ley. Puedo "
        "preguntar en cualquier momento qué se conserva sobre mí y puedo retirar este consentimiento en recepción.",
    ),
    "consent.version": ("Version {version}", "Versión {version}"),
    "consent.agree": ("I have read this and I agree.", "He leído esto y estoy de acuerdo."),
    "signature": ("Your signature", "Su firma"),
    "signature.draw": ("Sign with your finger", "Firme con el dedo"),
    "signature.type": ("Or type your full name", "O escriba su nombre completo"),
    "signature.clear": ("Clear", "Borrar"),
    "signature.drawn": ("Signed", "Firmado"),
    "review": ("Is everything right?", "¿Está todo bien?"),
    "review.help": ("You can change each answer.", "Puede cambiar cada respuesta."),
    "review.change": ("Change", "Cambiar"),
    "review.nothing": ("not answered", "sin respuesta"),
    "review.signed": ("signed", "firmado"),
    "review.agreed": ("agreed", "aceptado"),
    "review.open": ("Something is missing. Please look at:", "Falta algo. Por favor revise:"),
    "submit": ("Send my registration", "Enviar mi registro"),
}

_PROBLEMS: Words = {
    "problem.missing": ("Please answer this.", "Por favor responda aquí."),
    "problem.bad_name": ("Please write a name with letters.", "Por favor escriba un nombre con letras."),
    "problem.bad_date": (
        "We could not read this date. Please choose year, month and day.",
        "No pudimos leer esta fecha. Por favor elija año, mes y día.",
    ),
    "problem.date_in_future": (
        "This date is in the future. Please check it.",
        "Esta fecha está en el futuro. Por favor revísela.",
    ),
    "problem.date_too_old": (
        "This date is more than 130 years ago. Please check the year.",
        "Esta fecha es de hace más de 130 años. Por favor revise el año.",
    ),
    "problem.bad_phone": (
        "A phone number has 7 to 15 digits. Please check it.",
        "Un teléfono tiene de 7 a 15 cifras. Por favor revíselo.",
    ),
    "problem.bad_policy": (
        "Please write the number as it stands on the card.",
        "Por favor escriba el número tal como está en la tarjeta.",
    ),
    "problem.choose_one": ("Please choose one.", "Por favor elija una opción."),
    "problem.consent_needed": (
        "Please tick that you agree. If you do not, please talk to the desk.",
        "Por favor marque que está de acuerdo. Si no lo está, hable con recepción.",
    ),
    "problem.signature_needed": (
        "Please sign with your finger or type your full name.",
        "Por favor firme con el dedo o escriba su nombre completo.",
    ),
    "problem.too_long": ("This is too long. Please shorten it.", "Es demasiado largo. Por favor acórtelo."),
}

_DOCUMENTS: Words = {
    "side.insurance_front": ("Insurance card, front", "Tarjeta del seguro, frente"),
    "side.insurance_back": ("Insurance card, back", "Tarjeta del seguro, reverso"),
    "side.id_photo": ("Photo ID", "Identificación con foto"),
    "photo.take": ("Take or choose a photo", "Tomar o elegir una foto"),
    "photo.replace": ("Take another photo", "Tomar otra foto"),
    "photo.sending": ("Sending the photo…", "Enviando la foto…"),
    "photo.retry": ("Try again", "Intentar de nuevo"),
    "photo.waiting": (
        "The photo waits for the connection and is sent by itself.",
        "La foto espera la conexión y se enviará sola.",
    ),
    "photo.alt": ("Your photo: {side}", "Su foto: {side}"),
    "document.received": (
        "We have your photo. It will be read in a moment.",
        "Tenemos su foto. Se leerá en un momento.",
    ),
    "document.reading": ("Reading your card…", "Leyendo su tarjeta…"),
    "document.read": ("We have read your card.", "Hemos leído su tarjeta."),
    "document.unsure": (
        "We have read your card but are not sure of everything. Please check the questions below.",
        "Hemos leído su tarjeta, pero no estamos seguros de todo. Por favor revise las preguntas de abajo.",
    ),
    "document.not_a_card": (
        "We see no card in this photo. Please take a photo of the card itself.",
        "No vemos una tarjeta en esta foto. Por favor fotografíe la tarjeta misma.",
    ),
    "document.unreadable": (
        "We cannot read this photo. Please take it again: good light, no glare, the whole card.",
        "No podemos leer esta foto. Por favor tómela de nuevo: buena luz, sin reflejos y la tarjeta entera.",
    ),
    "document.failed": (
        "Something went wrong with reading this photo. Please take it again, or go on: the desk will look at it.",
        "Algo falló al leer esta foto. Tómela de nuevo o continúe: la recepción la revisará.",
    ),
    "document.replaced": ("You have sent a newer photo.", "Usted ha enviado una foto más reciente."),
    "document.rotated": (
        "The photo lay turned; we have read it anyway.",
        "La foto estaba girada; la hemos leído de todos modos.",
    ),
    "card.agrees": ("Matches what you wrote", "Coincide con lo que escribió"),
    "card.kept": ("You have kept your own answer", "Usted mantuvo su respuesta"),
    "card.differs": (
        "The card seems to say {read}. You wrote {typed}.",
        "La tarjeta parece decir {read}. Usted escribió {typed}.",
    ),
    "card.unsure": (
        "We think the card says {read}. Is that right?",
        "Creemos que la tarjeta dice {read}. ¿Es correcto?",
    ),
    "card.offer": ("The card says {read}. Is that right?", "La tarjeta dice {read}. ¿Es correcto?"),
    "card.use": ("Use what the card says", "Usar lo que dice la tarjeta"),
    "card.yes": ("Yes, that is right", "Sí, es correcto"),
    "card.keep": ("Mine is right", "Lo mío es correcto"),
    "card.write": ("I will write it", "Lo escribiré"),
    "card.payer": ("Insurance company", "Compañía de seguros"),
    "card.member_name": ("Name on the card", "Nombre en la tarjeta"),
    "card.member_id": ("Member number", "Número de miembro"),
    "card.group_number": ("Group number", "Número de grupo"),
    "card.plan": ("Plan", "Plan"),
    "card.rx_bin": ("RxBIN", "RxBIN"),
    "card.rx_pcn": ("RxPCN", "RxPCN"),
    "card.effective_date": ("Valid from", "Válida desde"),
    "card.phone": ("Phone of the insurance", "Teléfono del seguro"),
    "card.name": ("Name on the ID", "Nombre en la identificación"),
    "card.dob": ("Date of birth", "Fecha de nacimiento"),
    "card.id_number": ("ID number", "Número de identificación"),
    "card.address": ("Address", "Dirección"),
    "card.expiry": ("Valid until", "Válida hasta"),
}

_UPLOADS: Words = {
    "upload.empty": (
        "The file is empty. Please take the photo again.",
        "El archivo está vacío. Por favor tome la foto otra vez.",
    ),
    "upload.too_large": (
        "The file is larger than 10 MB. Please send a smaller photo.",
        "El archivo pesa más de 10 MB. Por favor envíe una foto más pequeña.",
    ),
    "upload.not_an_image": (
        "This is not a photo that we can open. Please send a JPEG, PNG, WebP, HEIC or PDF.",
        "Esto no es una foto que podamos abrir. Por favor envíe un JPEG, PNG, WebP, HEIC o PDF.",
    ),
    "upload.too_many_pixels": (
        "The picture has more than 25 megapixels. Please send a smaller photo.",
        "La imagen tiene más de 25 megapíxeles. Por favor envíe una foto más pequeña.",
    ),
    "upload.too_small": (
        "The picture is too small to read. Please take the photo again, closer.",
        "La imagen es demasiado pequeña para leerla. Por favor tome la foto más de cerca.",
    ),
    "upload.damaged": (
        "The photo arrived damaged. Please send it again.",
        "La foto llegó dañada. Por favor envíela de nuevo.",
    ),
    "upload.locked": (
        "This PDF is locked with a password. Please send a photo of the card.",
        "Este PDF está protegido con contraseña. Por favor envíe una foto de la tarjeta.",
    ),
    "upload.no_such_side": (
        "We do not know this kind of photo. Please open the page again.",
        "No conocemos este tipo de foto. Por favor abra la página de nuevo.",
    ),
    "upload.no_photo": ("No photo came with this. Please choose one.", "No llegó ninguna foto. Por favor elija una."),
    "upload.two_photos": ("Please send one photo at a time.", "Por favor envíe una sola foto a la vez."),
    "upload.broken_form": (
        "The photo did not arrive whole. Please send it again.",
        "La foto no llegó completa. Por favor envíela de nuevo.",
    ),
    "upload.too_many_photos": (
        "You have sent very many photos. Please ask the desk to look at your card.",
        "Ha enviado muchísimas fotos. Por favor pida en recepción que revisen su tarjeta.",
    ),
    "upload.too_late": (
        "The desk has already confirmed your registration. Please show the card there.",
        "La recepción ya confirmó su registro. Por favor muestre la tarjeta allí.",
    ),
    "upload.too_slow": (
        "The photo took too long to arrive. Please send it again.",
        "La foto tardó demasiado en llegar. Por favor envíela de nuevo.",
    ),
}

_DONE: Words = {
    "done": ("Thank you. You are registered.", "Gracias. Está registrado."),
    "done.next": (
        "Please keep this page open. It tells you what happens next.",
        "Por favor deje esta página abierta. Le dirá qué sigue.",
    ),
    "done.reading": ("Your card is being read.", "Se está leyendo su tarjeta."),
    "done.question": (
        "There is a question about your card. Please answer it below.",
        "Hay una pregunta sobre su tarjeta. Por favor respóndala abajo.",
    ),
    "done.asked": (
        "The desk has a question. Please answer it below.",
        "Recepción tiene una pregunta. Por favor responda abajo.",
    ),
    "asked": ("The desk asks", "Recepción pregunta"),
    "asked.answer": ("Your answer", "Su respuesta"),
    "asked.sent": ("The desk has your answer.", "Recepción tiene su respuesta."),
    "no_question": ("There is no such question any longer.", "Esa pregunta ya no existe."),
    "done.photo_again": (
        "One photo could not be read. You may take it again below, or show the card at the desk.",
        "No se pudo leer una foto. Puede tomarla de nuevo abajo o mostrar la tarjeta en recepción.",
    ),
    "done.position": ("You are number {n} in the queue.", "Usted es el número {n} en la fila."),
    "done.first": ("You are next. Please come to the desk.", "Usted es el siguiente. Por favor acérquese a recepción."),
    "done.confirmed": ("The desk has confirmed your data.", "La recepción ha confirmado sus datos."),
    "done.waiting_bed": (
        "You are admitted. We are finding the right bed for you.",
        "Está admitido. Estamos buscando la cama adecuada para usted.",
    ),
    "done.bed": ("Your bed is {bed}. Someone will bring you there.", "Su cama es {bed}. Alguien le acompañará."),
    "done.left": ("Your visit has ended. We wish you well.", "Su visita ha terminado. Le deseamos lo mejor."),
    "done.cancelled": (
        "This registration was closed. Please talk to the desk.",
        "Este registro fue cerrado. Por favor hable con recepción.",
    ),
    "done.change": ("Change an answer", "Cambiar una respuesta"),
}

WORDS: Words = _FRAME | _WELCOME | _QUESTIONS | _PROBLEMS | _DOCUMENTS | _UPLOADS | _DONE


def say(key: str, language: str, **facts: object) -> str:
    """The sentence for a key in a language (English for a language that we do not have)."""
    where = LANGUAGES.index(language) if language in LANGUAGES else 0
    words = WORDS[key][where]
    return words.format(**facts) if facts else words
