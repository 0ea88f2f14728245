"""`python -m tools.pictures.guides`: the steps of the reading guides, done for real, with pictures.

A real Thunderbird in Bulgarian and a real Evince on a screen of their own (Xvfb), with a mailbox
in Dovecot on loopback and letters that the real service seals and delivers. Wants Debian's
thunderbird, thunderbird-l10n-bg, evince, dovecot-imapd, xvfb, openbox, xdotool, imagemagick, xclip
and dbus. Places on the screen are those of Thunderbird 153: after an upgrade look at each picture.
"""

from __future__ import annotations

import email
import imaplib
import json
import mailbox
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from PIL import Image

from contact_service.delivery.worker import deliver_due
from contact_service.outbox.outbox import Outbox
from contact_service.settings.service import load_settings
from site_build.pipeline import Project, build_site
from tests.support.browser.marionette import Marionette
from tests.support.project import ROOT, application, copy_project, free_port

FOLDER = ROOT / "docs" / "guide" / "pictures"
SCREEN = (1000, 680)
DISPLAY = ":77"
ADDRESS = "centre@example.org"
MAIL_PASSWORD = "demo-123"
MAIN_PASSWORD = "glavna parola tsentar"
COPY_PASSWORD = "Backup-kluch-2026"
PDF_PASSWORD = "пролет-река-42-мост"
PUBLIC_KEY, SECRET_KEY = "*-pub.asc", "*-secret.asc"
LETTER = {
    "danger": "no",
    "writer": "parent",
    "name": "Мария",
    "contact_way": "call",
    "phone": "0888 123 456",
    "safe_time": "в делник до обяд",
    "settlement": "Харманли",
    "message": "Синът ми не иска да ходи на училище.",
    "understood": "y",
}


class Desk:
    """The screen, the folder of everything, and the hands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self.imap, self.smtp = free_port(), free_port()
        self.environment = {**os.environ, "DISPLAY": DISPLAY, "HOME": str(self.home)}
        self.environment |= {"LC_ALL": "C.UTF-8", "GTK_THEME": "Adwaita"}
        self.running: list[subprocess.Popen[bytes]] = []
        self.start("Xvfb", DISPLAY, "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24")
        time.sleep(1)
        self.start("openbox")

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env={**self.environment, **environment},
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.running):
            process.terminate()
            process.wait(timeout=30)

    def hand(self, *words: object, wait: float = 1.5) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True)
        time.sleep(wait)

    def click(self, x: int, y: int, *, button: int = 1, wait: float = 2) -> None:
        self.hand("mousemove", x, y, wait=0.3)
        self.hand("click", button, wait=wait)

    def type(self, text: str, wait: float = 0.7) -> None:
        self.hand("type", "--delay", 50, text, wait=wait)

    def picture(self, name: str, top: int = 0) -> None:
        """A small PNG of 48 colours of the whole screen, or of what is below `top`."""
        shot = self.folder / "shot.png"
        command = ["import", "-window", "root", str(shot)]
        subprocess.run(command, env=self.environment, check=True)
        image = Image.open(shot).convert("RGB").crop((0, top, *SCREEN))
        image.quantize(48, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
        print(name, flush=True)


def dovecot(desk: Desk) -> None:
    """A mailbox on loopback, with the folders that a provider has."""
    run = desk.folder / "dovecot"
    run.mkdir()
    folders = "".join(
        f"mailbox {name} {{\nauto = subscribe\nspecial_use = \\{name}\n}}\n"
        for name in ("Trash", "Sent", "Drafts")
    )
    settings = f"""
base_dir = {run}/run
state_dir = {run}/state
log_path = {run}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{run}/mail
first_valid_uid = 1
passdb {{
driver = static
args = password={MAIL_PASSWORD}
}}
userdb {{
driver = static
args = uid=mail gid=mail home={run}/home
}}
namespace inbox {{
inbox = yes
{folders}}}
service imap-login {{
inet_listener imap {{
port = {desk.imap}
}}
}}
"""
    (run / "dovecot.conf").write_text(settings)
    for name in ("mail", "home"):
        (run / name).mkdir()
        shutil.chown(run / name, "mail", "mail")
    for parent in (desk.folder, run):
        parent.chmod(0o755)
    desk.start("dovecot", "-F", "-c", str(run / "dovecot.conf"))


class Store:
    """Takes what the service delivers, and puts it into the mailbox."""

    def __init__(self, desk: Desk) -> None:
        self.box = desk.folder / "dovecot" / "mail"
        self.last = b""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.last = envelope.content
        mailbox.Maildir(self.box).add(envelope.content)
        for file in self.box.rglob("*"):
            shutil.chown(file, "mail", "mail")
        return "250 OK"


def send(desk: Desk, project: Project, seal: str, key: str) -> bytes:
    """A form filled in, sealed and delivered by the real service; the mail as it arrived."""
    store = Store(desk)
    server = Controller(store, hostname="127.0.0.1", port=desk.smtp)
    server.start()
    database = desk.folder / f"{time.monotonic_ns()}.sqlite3"
    toml = f"""
site_folder = "{project.site}"
content_folder = "{project.content}"
database = "sqlite:///{database}"
secret = "only for pictures, 32 signs or more"
smtp = {{host = "127.0.0.1", port = {desk.smtp}, security = "none", sender = "opora@example.org"}}
[[centres.harmanli.recipients]]
address = "{ADDRESS}"
seal = "{seal}"
{key}
"""
    settings = load_settings(toml, {}, desk.folder)
    with application(settings) as app:
        answer = app.test_client().post("/send/bg/harmanli/contact", data=LETTER)
    assert answer.status_code == 303, answer.status_code
    with closing(Outbox(settings.database)) as waiting:
        deliver_due(waiting, settings.smtp, threading.Event())
    server.stop()
    return store.last


def preferences(desk: Desk, port: int) -> dict[str, object]:
    """A mailbox that is set up already, in Bulgarian, with nothing that calls home or pops up."""
    server, identity = "mail.server.server1", "mail.identity.id1"
    return {
        "intl.locale.requested": "bg",
        "extensions.autoDisableScopes": 0,
        "extensions.activeThemeID": "thunderbird-compact-light@mozilla.org",
        "mail.shell.checkDefaultClient": False,
        "mail.spotlight.firstRunDone": True,
        "mail.rights.version": 1,
        "signon.rememberSignons": True,
        "app.donation.eoy.version.viewed": 999,
        "mailnews.start_page.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
        "mail.inappnotifications.enabled": False,
        "mail.biff.show_alert": False,
        "extensions.getAddons.cache.enabled": False,
        "ui.prefersReducedMotion": 1,
        "mail.uifontsize": 13,
        "marionette.port": port,
        f"{server}.type": "imap",
        f"{server}.hostname": "127.0.0.1",
        f"{server}.port": desk.imap,
        f"{server}.userName": ADDRESS,
        f"{server}.name": ADDRESS,
        f"{server}.socketType": 0,
        f"{server}.login_at_startup": True,
        f"{server}.authMethod": 3,
        f"{server}.use_idle": False,
        "mail.server.server2.type": "none",
        "mail.server.server2.hostname": "Local Folders",
        "mail.server.server2.userName": "nobody",
        "mail.server.server2.name": "Local Folders",
        "mail.account.account1.server": "server1",
        "mail.account.account1.identities": "id1",
        "mail.account.account2.server": "server2",
        "mail.accountmanager.accounts": "account1,account2",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.accountmanager.localfoldersserver": "server2",
        f"{identity}.useremail": ADDRESS,
        f"{identity}.fullName": "Център за обществена подкрепа",
        f"{identity}.smtpServer": "smtp1",
        f"{identity}.valid": True,
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.hostname": "127.0.0.1",
        "mail.smtpserver.smtp1.port": desk.smtp,
    }


class Thunderbird:
    """A running Thunderbird with a profile of its own."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.port = desk, free_port()
        self.profile = desk.folder / name
        self.profile.mkdir()
        lines = [
            f"user_pref({json.dumps(key)}, {json.dumps(value, ensure_ascii=False)});\n"
            for key, value in preferences(desk, self.port).items()
        ]
        (self.profile / "user.js").write_text("".join(lines), encoding="utf-8")
        command = ["dbus-run-session", "thunderbird", "--profile", str(self.profile)]
        desk.start(*command, "--no-remote", "--marionette", "--remote-allow-system-access")
        time.sleep(15)
        desk.type(MAIL_PASSWORD)
        desk.hand("key", "Return", wait=6)

    def ask(self, code: str, *given: object) -> Any:
        """What Thunderbird itself says of its state; not while a dialog of the system is open."""
        line = Marionette(self.port)
        try:
            return line.script(code, *given)
        finally:
            line.close()
            time.sleep(0.5)

    def look_into_inbox(self) -> None:
        self.ask(INBOX)
        self.desk.click(67, 95, wait=5)  # asks for new mail

    def message_text(self) -> str:
        """The text of the message that is open."""
        return str(self.ask(SHOWN))

    def quit(self) -> None:
        self.desk.hand("key", "ctrl+q", wait=6)


INBOX = """
let inbox = MailServices.accounts.accounts[0].incomingServer.rootFolder.getFolderWithFlags(0x1000);
document.getElementById("tabmail").currentAbout3Pane.displayFolder(inbox.URI);
"""
SHOWN = """
let pane = document.getElementById("tabmail").currentTabInfo.chromeBrowser.contentWindow;
let browser = (pane.messageBrowser ? pane.messageBrowser.contentWindow : pane)
    .getMessagePaneBrowser();
return browser.contentDocument.body.textContent;
"""


def main_password(desk: Desk, program: Thunderbird) -> None:
    """Step 2 of the guide: menu, settings, privacy, main password."""
    desk.click(864, 45)
    desk.picture("thunderbird-menu")
    desk.click(660, 332, wait=5)
    desk.click(190, 344, wait=2)
    x, y = program.ask("""
        let page = document.getElementById("tabmail").currentTabInfo.browser.contentDocument;
        let box = page.getElementById("useMasterPassword");
        box.scrollIntoView({block: "center"});
        let place = box.getBoundingClientRect();
        return [page.defaultView.mozInnerScreenX + place.x + 12,
                page.defaultView.mozInnerScreenY + place.y + place.height / 2];
    """)
    desk.click(int(x), int(y), wait=3)
    desk.picture("thunderbird-main-password")
    for height in (489, 558):
        desk.click(520, height, wait=0.3)
        desk.type(MAIN_PASSWORD)
    desk.click(739, 603)
    desk.click(637, 396)
    desk.click(531, 89)  # closes the tab


def new_key(desk: Desk) -> None:
    """Step 3: the account's page, end-to-end encryption, a new key."""
    desk.click(160, 138, wait=3)
    desk.picture("thunderbird-account")
    desk.click(632, 216, wait=4)
    desk.click(872, 447, wait=3)
    desk.picture("thunderbird-new-key")
    desk.click(780, 499, wait=3)
    desk.picture("thunderbird-key-years")
    desk.click(764, 617, wait=3)
    desk.click(566, 369, wait=20)
    desk.picture("thunderbird-key-made")


def both_parts(desk: Desk) -> tuple[Path, Path]:
    """Steps 4 and 5: the public part for the server, the copy of the secret part."""
    desk.hand("mousemove", 660, 500)
    for button, times in ((5, 8), (4, 4)):  # the wheel: down to the key
        desk.hand("click", "--repeat", times, "--delay", 80, button)
    desk.click(948, 198)
    desk.hand("mousemove", 660, 480)
    for button, times in ((5, 2), (4, 1)):
        desk.hand("click", "--repeat", times, "--delay", 80, button)
    desk.click(885, 293)
    desk.picture("thunderbird-key-menu")
    desk.click(800, 381, wait=3)
    desk.hand("key", "Return", wait=3)
    desk.click(885, 293)
    desk.click(800, 415, wait=3)
    desk.hand("key", "Return", wait=3)
    desk.picture("thunderbird-backup")
    for height in (300, 349):
        desk.click(640, height, wait=0.3)
        desk.type(COPY_PASSWORD)
    desk.click(790, 536, wait=4)
    return only(desk.home, PUBLIC_KEY), only(desk.home, SECRET_KEY)


def only(folder: Path, pattern: str) -> Path:
    [file] = folder.glob(pattern)
    return file


def reading(desk: Desk, program: Thunderbird) -> None:
    """Step 6, and deleting as in the guide to letters: in, open, out, and out of the trash."""
    desk.click(531, 89)
    program.look_into_inbox()
    desk.picture("thunderbird-inbox")
    desk.click(420, 150, wait=0.2)
    desk.hand("click", 1, wait=6)
    desk.picture("thunderbird-letter")
    assert LETTER["message"] in program.message_text()
    desk.click(856, 131, wait=4)
    desk.click(132, 251, button=3)
    desk.picture("thunderbird-trash")
    desk.click(248, 449, wait=3)
    desk.hand("key", "Return", wait=3)  # „Are you sure?“, where it asks
    assert letters_left(desk) == {"INBOX": 0, "Trash": 0}


def letters_left(desk: Desk) -> dict[str, int]:
    """What the mail server itself still has."""
    with imaplib.IMAP4("127.0.0.1", desk.imap) as server:
        server.login(ADDRESS, MAIL_PASSWORD)
        return {name: int(server.select(name)[1][0] or 0) for name in ("INBOX", "Trash")}


def second_computer(desk: Desk, secret_key: Path) -> None:
    """Step 7: the copy of the key in an empty profile opens a letter that was closed there."""
    stick = shutil.copy(secret_key, desk.folder / "copy-secret.asc")  # xdotool types Latin only
    program = Thunderbird(desk, "second")
    program.look_into_inbox()
    desk.click(420, 150, wait=6)
    desk.picture("thunderbird-no-key")
    assert LETTER["message"] not in program.message_text()
    desk.click(160, 138, wait=3)
    desk.click(632, 216, wait=4)
    desk.click(872, 447, wait=3)
    desk.click(223, 426, wait=0.5)
    desk.click(780, 499, wait=3)
    desk.click(322, 324, wait=3)
    desk.hand("key", "ctrl+l")
    desk.type(str(stick))
    desk.hand("key", "Return", wait=3)
    desk.picture("thunderbird-import")
    desk.click(780, 612, wait=3)
    desk.type(COPY_PASSWORD)
    desk.hand("key", "Return", wait=4)
    desk.click(798, 612)
    desk.click(531, 89)
    program.look_into_inbox()
    for height in (225, 150):  # the other letter, then ours
        desk.click(420, height, wait=5)
    assert LETTER["message"] in program.message_text()
    program.quit()


def certificate(desk: Desk) -> tuple[Path, Path]:
    """A certificate for mail, and the same with its key as a provider gives it."""
    key, pem, both = (desk.folder / f"centre.{end}" for end in ("key", "pem", "p12"))
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-utf8"]
    uses = [
        "keyUsage=critical,digitalSignature,keyEncipherment",
        "extendedKeyUsage=emailProtection",
    ]
    more = [word for use in (*uses, f"subjectAltName=email:{ADDRESS}") for word in ("-addext", use)]
    files = ["-keyout", str(key), "-out", str(pem), "-subj", f"/CN=Centre/emailAddress={ADDRESS}"]
    pack = ["-export", "-inkey", str(key), "-in", str(pem), "-out", str(both), "-passout", "pass:p"]
    for command in ([*make, *files, *more], ["pkcs12", *pack]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return pem, both


def with_certificate(desk: Desk, program: Thunderbird, both: Path) -> None:
    """The guide to Outlook: the same letter in Thunderbird. The certificate is not taken in by
    hand but by a call, so this does not show that the buttons for it are as the guide says."""
    taken = """
        let file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
        file.initWithPath(arguments[0]);
        return Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB)
            .importPKCS12File(file, "p");
    """
    assert program.ask(taken, str(both)) == 0
    program.look_into_inbox()
    desk.click(420, 150, wait=0.2)
    desk.hand("click", 1, wait=6)
    desk.picture("thunderbird-smime")
    assert LETTER["message"] in program.message_text()


def as_pdf(desk: Desk, mail: bytes) -> None:
    """The guide to PDFs: the attached file in Evince, in Bulgarian, with the password pasted."""
    [part] = email.message_from_bytes(mail, policy=default).iter_attachments()
    file = desk.home / str(part.get_filename())
    file.write_bytes(part.get_content())
    made = ["localedef", "-i", "bg_BG", "-f", "UTF-8", str(desk.folder / "bg_BG.UTF-8")]
    subprocess.run(made, check=False, capture_output=True)  # warnings are its code 1
    bulgarian = {"LOCPATH": str(desk.folder), "LC_ALL": "bg_BG.UTF-8", "LANGUAGE": "bg"}
    desk.start("dbus-run-session", "evince", str(file), **bulgarian)
    time.sleep(8)
    window = ["search", "--name", file.stem]
    desk.hand(*window, "windowsize", "%@", 1000, 659, "windowmove", "%@", 0, 20, wait=2)
    desk.picture("pdf-password", top=20)
    clipboard = ["xclip", "-selection", "clipboard"]
    subprocess.run(clipboard, input=PDF_PASSWORD.encode(), env=desk.environment, check=True)
    desk.click(530, 331, wait=0.5)
    desk.hand("key", "ctrl+v")
    desk.hand("key", "Return", wait=5)
    desk.picture("pdf-letter", top=20)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="guides-") as name:
        desk = Desk(Path(name))
        try:
            follow(desk)
        finally:
            desk.stop()
    return 0


def follow(desk: Desk) -> None:
    """All guides, from an empty profile, in their order."""
    project = copy_project(desk.folder / "site")
    facts = project.content / "centres" / "harmanli.yml"
    facts.write_text(
        facts.read_text().replace("id: harmanli\n", "id: harmanli\nletters: password\n")
    )
    build_site(project)
    dovecot(desk)
    first = Thunderbird(desk, "first")
    main_password(desk, first)
    new_key(desk)
    public_key, secret_key = both_parts(desk)
    send(desk, project, "openpgp", f'key = "{public_key}"')
    reading(desk, first)
    pem, both = certificate(desk)
    send(desk, project, "smime", f'certificate = "{pem}"')
    with_certificate(desk, first, both)
    first.quit()
    send(desk, project, "openpgp", f'key = "{public_key}"')
    second_computer(desk, secret_key)
    password = desk.folder / "pdf.password"
    password.write_text(PDF_PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    as_pdf(desk, send(desk, project, "pdf", f'password_file = "{password}"'))


if __name__ == "__main__":
    sys.exit(main())
