#!/usr/bin/env bash
# Moves the major version's tag to a published release, in the clone's remote `origin`. An older release never takes it
# back from a newer one, and only what is on main is released.
set -euo pipefail

tag=${1:?'the tag of the release, vX.Y.Z'}
[[ $tag =~ ^v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] || {
  echo "'$tag' is no release's tag: vX.Y.Z is accepted." >&2
  exit 1
}
major=v${BASH_REMATCH[1]}
commit=$(git rev-parse --verify --quiet "refs/tags/$tag^{commit}") || {
  echo "This clone has no tag $tag: fetch the tags first." >&2
  exit 1
}
git merge-base --is-ancestor "$commit" refs/remotes/origin/main || {
  echo "$tag is not on main: releases are made of main alone." >&2
  exit 1
}
newest=$(git tag --list "$major.*" --sort=-version:refname | grep -E '^v[0-9]+\.[0-9]+\.[0-9]+$' | head -n 1)
if [[ $newest != "$tag" ]]; then
  echo "$major stays at $newest, which is newer than $tag."
  exit 0
fi
git push --force origin "$commit:refs/tags/$major"
echo "$major is $tag now."
