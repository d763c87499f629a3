-- Of entries, keys in pairs (value key, meta key): type, ttl of the value, ttl of the meta, version or '', horizon or ''. Only reads.
local looks = {}
for at = 1, #KEYS, 2 do
  local value_key, meta_key = KEYS[at], KEYS[at + 1]
  local meta = redis.pcall('HMGET', meta_key, 'v', 'h')
  -- Something of another type in the meta's place is none.
  if meta.err then
    meta = {}
  end
  looks[#looks + 1] = redis.call('TYPE', value_key).ok
  looks[#looks + 1] = tostring(redis.call('PTTL', value_key))
  looks[#looks + 1] = tostring(redis.call('PTTL', meta_key))
  looks[#looks + 1] = meta[1] or ''
  looks[#looks + 1] = meta[2] or ''
end
return looks
