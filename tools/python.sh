#!/bin/sh
# sh tools/python.sh        prints the path of one Python that can run this project, or one line on stderr and fails.
# sh tools/python.sh all    prints one path for each supported version that runs here.
# PYTHON names the interpreter to take; without it .venv's own comes first, then PATH, then pyenv's versions.

probe='
import sys
missing = []
for name in ("venv", "ensurepip", "ssl", "sqlite3"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
version = ".".join(str(part) for part in sys.version_info[:3])
path = getattr(sys, "_base_executable", None) or sys.executable
print("%s %s %s" % (version, ",".join(missing) or "-", path))
'

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

# A file of that name on PATH may be a shim that cannot run, so each candidate has to answer.
consider() {
    answer=$("$1" -c "$probe" 2>/dev/null </dev/null) || return 0
    version=${answer%% *} rest=${answer#* }
    missing=${rest%% *} path=${rest#* }
    case $version in
        3.11.* | 3.12.* | 3.13.*) ;;
        *) remember_unfit "$version" && return 0 ;;
    esac
    if [ "$missing" = - ]; then accept; else incomplete="$incomplete${incomplete:+; }$path ($version) lacks $missing"; fi
}

remember_unfit() {
    case " $unfit " in *" $1 "*) ;; *) unfit="$unfit${unfit:+ }$1" ;; esac
}

accept() {
    [ "$wanted" = all ] || { printf '%s\n' "$path" && exit 0; }
    minor=${version%.*}
    case " $accepted " in *" $minor "*) return 0 ;; esac
    accepted="$accepted $minor"
    printf '%s\n' "$path"
}

search() {
    pyenv=$(pyenv root 2>/dev/null) || pyenv=''
    for name in python3.13 python3.12 python3.11 python3 python; do
        IFS=:
        for folder in $PATH; do
            unset IFS
            [ ! -x "$folder/$name" ] || consider "$folder/$name"
            # With another HOME pyenv names another root; its shims know where they are.
            case $folder in */shims) pyenv=${folder%/shims} ;; esac
        done
        unset IFS
    done
    [ -n "$pyenv" ] || return 0
    for file in "$pyenv"/versions/3.13.*/bin/python "$pyenv"/versions/3.12.*/bin/python "$pyenv"/versions/3.11.*/bin/python; do
        [ ! -x "$file" ] || consider "$file"
    done
}

wanted=${1:-one} unfit='' incomplete='' accepted=''
needs='Python 3.11, 3.12 or 3.13 is needed'

if [ "$wanted" = one ] && [ -n "${PYTHON:-}" ]; then
    consider "$PYTHON"
    [ -z "$incomplete" ] || fail "PYTHON: $incomplete; take another Python or install what it lacks (Debian: apt install python3-venv)"
    fail "$needs: PYTHON=$PYTHON is ${unfit:-not a Python that runs}"
fi
[ "$wanted" = all ] || [ ! -x .venv/bin/python ] || consider .venv/bin/python
search
[ "$wanted" != all ] || exit 0
[ -z "$incomplete" ] || fail "$needs with venv and pip: $incomplete (Debian, Ubuntu: apt install python3-venv)"
[ -z "$unfit" ] || fail "$needs; found only $unfit. Install a newer one (Debian, Ubuntu: apt install python3.11-venv), or name it: make run PYTHON=/path/to/python"
fail "$needs and none was found. Install one (Debian, Ubuntu: apt install python3-venv), or name it: make run PYTHON=/path/to/python"
