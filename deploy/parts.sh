# What `install`, `update` and `opora` share; to be read with `.` by a POSIX shell.
CODE=/opt/opora
PROJECT=/srv/opora
SETTINGS=/etc/opora
UNITS=/etc/systemd/system

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

need_root() {
  [ "$(id -u)" = 0 ] || fail "Пуска се от root. Напишете: sudo $0 $*"
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
  (cd "$1" && .venv/bin/python -m compileall -q site_model site_build contact_service)
  touch "$1/.venv/opora-ready"
}

# The units of a release take the place of those that are there.
put_units() {
  for file in "$1"/deploy/systemd/opora-*.service "$1"/deploy/systemd/opora-*.timer; do
    install -m 644 "$file" "$UNITS/"
  done
  mkdir -p "$UNITS/opora-.service.d"
  install -m 644 "$1/deploy/systemd/opora-.service.d/hardening.conf" "$UNITS/opora-.service.d/"
  hand_out_secrets
}

# Each file of a secret goes to the units as a credential of the same name.
hand_out_secrets() {
  for unit in web deliver heartbeat; do
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

# Whether a service answers within half a minute.
answers() {
  for _ in $(seq 60); do
    curl --silent --fail --max-time 5 --output /dev/null "$1" && return
    sleep 0.5
  done
  return 1
}

web_answers() {
  answers "http://127.0.0.1:8010$(sed -n 's/^service_path: *//p' "$PROJECT/content/site.yml")/health"
}

delivery_answers() { answers http://127.0.0.1:8011/health; }

# `current` leads to another release, from one moment to the next.
switch_to() {
  ln -sfn "$1" "$CODE/.next" && mv -T "$CODE/.next" "$CODE/current"
}

# The service reads facts and forms at its start, the web server the headers.
show_new_site() {
  systemctl try-restart opora-web.service
  for server in caddy nginx; do
    ! systemctl --quiet is-active "$server.service" || systemctl reload "$server.service"
  done
}
