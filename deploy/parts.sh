# What `install`, `update` and `opora` share; to be read with `.` by a POSIX shell.
# Whoever reads it has set `release` to the folder of the release whose part this is. Tests put
# another root before the folders.
ROOT=${OPORA_ROOT-}
CODE=$ROOT/opt/opora
PROJECT=$ROOT/srv/opora
SETTINGS=$ROOT/etc/opora
HEADERS=$SETTINGS/headers
UNITS=$ROOT/etc/systemd/system

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

need_root() {
  [ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || fail "Пуска се от root. Напишете: sudo $0 $*"
}

# The environment of a release: made once, whole or not at all.
make_environment() {
  [ -e "$1/.venv/opora-ready" ] && return
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "Трябва Python 3.11 или по-нов. Напишете: apt-get install python3"
  python3 -c 'import ensurepip' 2>/dev/null ||
    fail "Липсва частта venv на Python. Напишете: apt-get install python3-venv"
  say "Библиотеките се теглят и проверяват. Това трае минута-две."
  python3 -m venv --clear "$1/.venv" &&
    "$1/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
      --require-hashes -r "$1/requirements.txt" ||
    fail "Библиотеките не се изтеглиха. Проверете връзката с интернет и повторете командата."
  # The services may not write here, so their code is compiled now.
  (cd "$1" && .venv/bin/python -m compileall -q site_model site_build contact_service service_admin site_editor)
  touch "$1/.venv/opora-ready"
}

# The units of a release take the place of those that are there.
put_units() {
  for file in "$1"/deploy/systemd/opora-*.service "$1"/deploy/systemd/opora-*.timer \
    "$1"/deploy/systemd/opora-*.path; do
    [ -e "$file" ] || continue # an older release has no path
    install -m 644 "$file" "$UNITS/"
  done
  mkdir -p "$UNITS/opora-.service.d"
  install -m 644 "$1/deploy/systemd/opora-.service.d/hardening.conf" "$UNITS/opora-.service.d/"
  # What another release brought and this one has not. A unit of the operator's own stays.
  for file in "$UNITS"/opora-*.service "$UNITS"/opora-*.timer "$UNITS"/opora-*.path; do
    [ -e "$file" ] || continue
    unit=${file##*/}
    [ -e "$1/deploy/systemd/$unit" ] || [ -z "$(ls "$CODE"/*/deploy/systemd/"$unit" 2>/dev/null)" ] ||
      { systemctl disable --quiet --now "$unit" || true && rm -f "$file"; }
  done
  # The web server has each letter in its memory as well, before it is sealed.
  for server in caddy nginx; do
    mkdir -p "$UNITS/$server.service.d"
    install -m 644 "$1/deploy/systemd/web-server.conf" "$UNITS/$server.service.d/opora.conf"
  done
  if [ -e "$1/deploy/caddy/choose" ]; then # an older release has one Caddy in mind
    install -m 644 "$1/deploy/systemd/caddy-words.conf" "$UNITS/caddy.service.d/opora-words.conf"
    "$1/deploy/caddy/choose" "$HEADERS"
  fi
  [ ! -e "$HEADERS/editor.caddy" ] || lead_to_editor "$1"
  hand_out_secrets
}

# Where the web servers import it.
lead_to_editor() {
  [ -e "$1/deploy/caddy/editor.caddy" ] || return 0
  install -m 644 "$1/deploy/caddy/editor.caddy" "$1/deploy/editor.nginx.conf" "$HEADERS/"
}

# The editor for the people of the centres has a user of its own, who may write their facts.
editor_on() {
  [ -e "$SETTINGS/service.toml" ] || fail "Първо настройте писмата: opora init"
  id opora-edit >/dev/null 2>&1 ||
    useradd --system --gid opora-site --home-dir / --no-create-home --shell /usr/sbin/nologin opora-edit
  for folder in centres sources photographs remembered; do
    mkdir -p "$PROJECT/content/$folder"
    chown opora-site:opora-site "$PROJECT/content/$folder"
    chmod 775 "$PROJECT/content/$folder"
  done
  service_of "$CODE/current" editor-secret on && hand_out_secrets && lead_to_editor "$CODE/current" &&
    systemctl enable --quiet opora-edit.service && systemctl restart opora-web.service opora-edit.service &&
    web_answers || fail "Редакторът не тръгна. Вижте: journalctl -u opora-edit -u opora-web -n 20"
  for _ in $(seq 60); do # until it listens; whether all is well, `opora doctor` asks
    systemctl --quiet is-active opora-edit.service || break
    curl --silent --max-time 5 --output /dev/null http://127.0.0.1:8012/health && break
    sleep 0.5
  done
  reload_servers
}

editor_off() {
  systemctl disable --quiet --now opora-edit.service 2>/dev/null || true
  rm -f "$HEADERS/editor.caddy" "$HEADERS/editor.nginx.conf"
  service_of "$CODE/current" editor-secret off && hand_out_secrets &&
    systemctl try-restart opora-web.service && reload_servers ||
    fail "Редакторът не се изключи докрай. Прегледайте горните редове."
}

# Each file of a secret goes to the units as a credential of the same name.
hand_out_secrets() {
  for unit in web deliver watch heartbeat todo; do
    folder="$UNITS/opora-$unit.service.d"
    mkdir -p "$folder"
    {
      say "# Written by Opora: one line for each file in $SETTINGS/secrets."
      say "[Service]"
      for file in "$SETTINGS"/secrets/*; do
        [ -f "$file" ] && say "LoadCredential=$(basename "$file"):$file"
      done
    } >"$folder/secrets.conf"
  done
  systemctl daemon-reload
}

# The program of a release, for the service that is set up here.
service_of() {
  (cd "$1" && shift && OPORA_SETTINGS="$SETTINGS/service.toml" PYTHONDONTWRITEBYTECODE=1 \
    .venv/bin/python -m service_admin "$@")
}

# Whether an address answers within a minute or so.
answers() {
  for _ in $(seq 120); do
    curl --silent --fail --max-time 5 --output /dev/null "$1" && return
    sleep 0.5
  done
  return 1
}

# Where the service has to answer is for the program to say: `web` or `watch` and its address. It is
# asked each time, or once by `ask_addresses`, so that letters do not wait for that.
address_of() {
  printf '%s\n' "${ADDRESSES-$(service_of "$release" addresses)}" | sed -n "s/^$1 //p"
}

# A site alone has none.
ask_addresses() { [ ! -e "$SETTINGS/service.toml" ] || ADDRESSES=$(service_of "$release" addresses); }

web_answers() { answers "$(address_of web)"; }

# The watch says whether delivery gave a sign of life since it was started. Where the settings give it no port, systemd has to do.
delivery_answers() {
  watch=$(address_of watch)
  if [ -n "$watch" ]; then answers "$watch"; else sleep 5; fi &&
    systemctl --quiet is-active opora-deliver.service
}

# A build that begins takes the editor's wish away, so that what comes during it is built after it.
take_wish() {
  wishes=$ROOT/var/lib/opora-edit
  [ ! -e "$wishes/wanted" ] || mv -f -T "$wishes/wanted" "$wishes/begun"
}

stop_units() {
  for unit in opora-heartbeat.timer opora-heartbeat.service opora-web.service \
    opora-deliver.service opora-watch.service; do
    systemctl stop "$unit" 2>/dev/null || true # an older release has no watch of its own
  done
}

# All but the web process; delivery brings the watch with it.
start_units() {
  systemctl restart opora-deliver.service || return 1
  ! systemctl --quiet is-enabled opora-heartbeat.timer || systemctl start opora-heartbeat.timer
  systemctl try-restart opora-edit.service 2>/dev/null || true # letters do not wait for it
}

# `current` leads to another release, from one moment to the next.
switch_to() {
  ln -sfn "$1" "$CODE/.next" && mv -T "$CODE/.next" "$CODE/current"
}

# The service reads facts and forms at its start, the web server the headers: a copy that the
# release has checked, because the build's own files belong to the user who builds.
show_new_site() {
  code=0
  letters=""
  [ ! -e "$SETTINGS/service.toml" ] || letters="--letters=$(address_of letters)"
  # A release before there was this check includes the build's own.
  [ ! -e "$CODE/current/site_build/output/server_headers.py" ] ||
    (cd "$CODE/current" &&
      .venv/bin/python -m site_build install-headers --project "$PROJECT" "$HEADERS" \
        ${letters:+"$letters"}) || code=1
  systemctl try-restart opora-web.service || code=1
  reload_servers || code=1
  return "$code"
}

reload_servers() {
  code_of_servers=0
  for server in caddy nginx; do
    ! systemctl --quiet is-active "$server.service" || reload_server "$server" || code_of_servers=1
  done
  return "$code_of_servers"
}

reload_server() {
  systemctl reload "$1.service" 2>/dev/null && return
  # Caddy as it was before this release takes its orders at another place, so it starts anew, but
  # only with a file that it understands.
  [ "$1" = caddy ] && caddy adapt --config /etc/caddy/Caddyfile >/dev/null 2>&1 &&
    systemctl restart caddy.service && return
  say "Уеб сървърът ($1) не взе новите си настройки и работи със старите. Вижте: journalctl -u $1"
  return 1
}
