-- Of entries, keys in pairs (value key, meta key): version or '', horizon or ''; and unless 'meta' is asked for alone, type, ttl of the
-- value, ttl of the meta. Only reads.
local looks, count, all = {}, 0, ARGV[1] ~= 'meta'
for at = 1, #KEYS, 2 do
  local value_key, meta_key = KEYS[at], KEYS[at + 1]
  local meta = redis.pcall('HMGET', meta_key, 'v', 'h')
  -- Something of another type in the meta's place is none.
  if meta.err then
    meta = {}
  end
  looks[count + 1], looks[count + 2] = meta[1] or '', meta[2] or ''
  count = count + 2
  if all then
    looks[count + 1] = redis.call('TYPE', value_key).ok
    looks[count + 2] = tostring(redis.call('PTTL', value_key))
    looks[count + 3] = tostring(redis.call('PTTL', meta_key))
    count = count + 3
  end
end
return looks
