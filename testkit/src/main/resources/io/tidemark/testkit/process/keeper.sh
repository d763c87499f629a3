# Becomes the server, and leaves a watcher behind that stops it when standard input ends: either the parent closed the
# pipe, or the parent is gone, however it went.
# Arguments: the signal that stops the server in order, how many tenths of a second it may take, the command.
signal=$1
tenths=$2
shift 2
server=$$
exec 3<&0 </dev/null
# The double fork hands the watcher to init, so that the server never sees a child it did not start.
(
    (
        trap '' INT TERM HUP
        family() { cat "/proc/$server/task/$server/children" 2>/dev/null; echo "$server"; }
        while read -r _; do :; done <&3
        kill -s "$signal" "$server"
        # A frozen server, and its frozen children, must run to be able to stop.
        for pid in $(family); do kill -s CONT "$pid"; done
        while [ "$tenths" -gt 0 ] && kill -s 0 "$server"; do
            sleep 0.1
            tenths=$((tenths - 1))
        done
        if kill -s 0 "$server"; then
            for pid in $(family); do kill -s KILL "$pid"; done
        fi
    ) </dev/null >/dev/null 2>&1 &
)
exec 3<&-
exec "$@"
