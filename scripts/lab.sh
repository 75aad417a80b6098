# To be sourced by scripts that need the lab: start_lab FOLDER [OPTION ...], told KEY, stop_lab.
# The lab ends by itself after LAB_SECONDS (600), also when the script is killed.

lab_process=
lab_folder=

# The build of the lab: the newest of release and debug.
find_lab() {
    ls -t .build/release/apigee-lab .build/debug/apigee-lab 2>/dev/null | head -n 1
}

start_lab() {
    lab_folder=$1
    shift
    local lab
    lab=$(find_lab)
    [ -n "$lab" ] || { echo "error: build the lab first: swift build --product apigee-lab" >&2; return 1; }
    mkdir -p "$lab_folder"
    "$lab" run --ready-file "$lab_folder/ready.json" --for "${LAB_SECONDS:-600}" "$@" </dev/null \
        >"$lab_folder/lab.log" 2>&1 &
    lab_process=$!
    for _ in $(seq 300); do
        [ -s "$lab_folder/ready.json" ] && return 0
        kill -0 "$lab_process" 2>/dev/null || break
        sleep 0.2
    done
    echo "error: the lab did not start" >&2
    cat "$lab_folder/lab.log" >&2
    return 1
}

# What the lab says of itself: root, mgmt, user, passwordFile, curlFile, messageId and so on.
told() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$lab_folder/ready.json" "$1"
}

stop_lab() {
    [ -n "$lab_process" ] && kill "$lab_process" 2>/dev/null && wait "$lab_process" 2>/dev/null
    lab_process=
    return 0
}
