"""Broken rules: the class is the code that programs read, the message the sentence that people read."""

import re
from datetime import datetime


class RuleBroken(Exception):
    """A person or program asked for what the rules do not allow; nothing was changed."""

    status = 409
    message = "Permintaan ini tidak dapat dilakukan."

    def __init__(
        self,
        message: str | None = None,
        *,
        next_opening: datetime | None = None,
        retry_after: float | None = None,
        reason: str | None = None,
        state: str | None = None,
        counter: int | None = None,
    ) -> None:
        super().__init__(message or self.message)
        self.detail = message or self.message
        self.next_opening = next_opening
        self.retry_after = retry_after
        self.reason = reason
        self.state = state
        self.counter = counter

    @property
    def code(self) -> str:
        """The class name in lower case words: NobodyWaiting → nobody_waiting."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()


class Malformed(RuleBroken):
    status = 400
    message = "Permintaan tidak dapat dibaca."


class KeyMissing(RuleBroken):
    status = 400
    message = "Permintaan harus membawa tajuk Idempotency-Key."


class UnknownKey(RuleBroken):
    status = 401
    message = "Kunci tidak dikenal atau sudah dicabut."


class Locked(UnknownKey):
    message = "Layar terkunci. Buka kunci dengan kata sandi Anda."


class SignInNeeded(RuleBroken):
    status = 401
    message = "Silakan masuk terlebih dahulu."


class WrongPassword(RuleBroken):
    status = 401
    message = "Nama atau kata sandi tidak cocok."


class NotAllowed(RuleBroken):
    status = 403
    message = "Anda tidak berwenang melakukan ini."


class CsrfFailed(RuleBroken):
    status = 403
    message = "Halaman ini sudah kedaluwarsa. Muat ulang lalu coba lagi."


class NotFound(RuleBroken):
    status = 404
    message = "Tidak ditemukan."


class UnknownService(NotFound):
    message = "Layanan ini tidak ada."


class UnknownTicket(NotFound):
    message = "Nomor antrean ini tidak ada atau sudah tidak berlaku."


class UnknownAppointment(NotFound):
    message = "Janji temu ini tidak ditemukan."


class UnknownCounter(NotFound):
    message = "Loket ini tidak ada."


class UnknownZone(NotFound):
    message = "Zona ini tidak ada."


class UnknownAgency(NotFound):
    message = "Instansi ini tidak ada."


class TooLarge(RuleBroken):
    status = 413
    message = "Permintaan terlalu besar."


class Invalid(RuleBroken):
    status = 422
    message = "Isi permintaan tidak sesuai."


class IntentReused(RuleBroken):
    status = 422
    message = "Idempotency-Key ini sudah dipakai untuk permintaan lain."


class TooMany(RuleBroken):
    status = 429
    message = "Terlalu banyak permintaan. Tunggu sebentar lalu coba lagi."


class TooSlow(RuleBroken):
    status = 408
    message = "Permintaan tidak selesai dikirim pada waktunya."


class Busy(RuleBroken):
    status = 503
    message = "Sistem sedang sibuk. Nomor belum diambil; coba lagi sebentar."


class DatabaseBroken(RuleBroken):
    status = 503
    message = "Berkas basis data rusak. Nomor belum diambil; panggil pengelola (mpp doctor)."


class ClientTooOld(RuleBroken):
    message = "Versi aplikasi ini terlalu lama. Muat ulang halaman atau perbarui anjungan."


class Closed(RuleBroken):
    message = "Layanan ini sedang tutup."


class QuotaReached(RuleBroken):
    message = "Kuota hari ini sudah habis."


class NobodyWaiting(RuleBroken):
    message = "Tidak ada antrean yang menunggu."


class CounterClosed(RuleBroken):
    message = "Loket ini belum dibuka."


class CounterBusy(RuleBroken):
    message = "Loket ini masih melayani pengunjung."


class CounterHeld(RuleBroken):
    message = "Loket ini sedang dipakai petugas lain."


class HoldsAnother(RuleBroken):
    message = "Anda masih memegang loket lain. Tutup loket itu dahulu."


class CounterPaused(RuleBroken):
    message = "Loket ini sedang jeda. Buka kembali loket untuk melanjutkan."


class WrongMoment(RuleBroken):
    """Names the state in which the turn is, and the counter where."""

    message = "Tindakan ini tidak sesuai dengan keadaan antrean sekarang."


class NothingToUndo(RuleBroken):
    """Names the state in which the turn is, and the counter where, when it has moved on."""

    message = "Tidak ada yang dapat diurungkan lagi."


class TooLate(RuleBroken):
    message = "Batas waktu kembali sudah lewat. Silakan ambil nomor baru."


class WrongSlot(RuleBroken):
    message = "Waktu janji temu harus di masa depan."


class TooEarly(RuleBroken):
    message = "Terlalu awal untuk mencatat kedatangan."


class AppointmentOver(RuleBroken):
    """Names the state in which the appointment is."""

    message = "Janji temu ini sudah lewat. Silakan ambil nomor biasa."


class AlreadyOut(RuleBroken):
    message = "Anda sudah tercatat sedang keluar."


class OutOnce(RuleBroken):
    message = "Keluar sebentar hanya dapat diminta satu kali untuk setiap giliran."


class ReasonNeeded(RuleBroken):
    status = 422
    message = "Tindakan ini memerlukan alasan."


class AlreadyRaised(RuleBroken):
    message = "Pemberitahuan ini sudah dinyalakan."


class NotRaised(RuleBroken):
    message = "Tidak ada pemberitahuan yang menyala di sini."


class TooSoon(RuleBroken):
    message = "Tunggu beberapa detik sebelum memanggil ulang."


class NotServedHere(RuleBroken):
    message = "Antrean ini tidak dilayani di loket ini."


class WithoutNumber(RuleBroken):
    message = "Pengunjung ini dilayani tanpa nomor. Ambilkan nomor untuk layanan berikutnya."


class DayNotConfirmed(RuleBroken):
    message = (
        "Jam komputer berubah tidak wajar. Supervisor harus memastikan tanggal sebelum hari layanan dibuka."
    )


class NotYourself(RuleBroken):
    message = "Anda tidak dapat melakukan ini pada akun Anda sendiri."


class AlreadyThere(RuleBroken):
    message = "Sudah ada."


class Unsafe(RuleBroken):
    """A change of the structure that would hurt somebody now; the sentence says the way out."""

    message = "Perubahan ini tidak aman sekarang."


class PaperWrong(RuleBroken):
    """Names every wrong line of a paper: `{line, label, detail}`, lines counted from 1."""

    message = "Ada baris yang belum benar. Tidak ada yang dicatat."

    def __init__(self, lines: list[dict[str, object]]) -> None:
        super().__init__()
        self.lines = lines
