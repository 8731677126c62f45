#!/bin/sh
# backup.sh HOST USER DATABASE FOLDER: a copy each night, of which those of 30 days are kept. A copy that fails leaves
# the others alone and ends the container, which is then started again.
set -eu
host=$1 user=$2 database=$3 folder=$4
umask 077
while :; do
  new=$folder/$database-$(date -u +%Y%m%dT%H%M%SZ).dump
  pg_dump --host="$host" --username="$user" --no-password --format=custom --file="$new.part" "$database"
  pg_restore --list "$new.part" >/dev/null
  sync "$new.part"
  mv "$new.part" "$new"
  echo "backup: $new"
  find "$folder" -name "$database-*.dump*" -mtime +30 -delete
  sleep 86400 &
  wait $!
done
