#!lua name=tidemark
--[[
The cache contract of Tidemark, as functions of Redis 7 and later.

An entry is two keys of one cluster slot:
  value key   the user's own key; its value is the document, as JSON text
  meta key    tm:{<value key>}, a hash:
                v  fence: the newest version the entry has seen, deletes included (43 characters, ordered bytewise)
                c  commit time of that version, microseconds since 1970-01-01 UTC
                h  horizon: 16 hex digits of an LSN; only beside a value that was read from the database
                l  lease: the token of whoever may fill the entry, and when that ends in Unix milliseconds, as "token end"

Every function is one step for everybody else, so no caller needs a lock. Every writing function may be sent twice:
the second time it finds what the first one did and changes nothing. A resend after a lost answer is therefore safe.

Versions and LSNs are compared as text: Redis's numbers are doubles and cannot hold them.
]]

-- Raised with every change that a caller or another version of this library could notice.
local LIBRARY_VERSION = 1

-- Lower than every version of a change. What an entry is compared with that has no fence.
local NO_VERSION = '0000-0000000000000000-0000000000000000-0000'
local VERSION_LENGTH = #NO_VERSION

-- Meta keys are ours alone: something else found there is in the way, and gives way. The value key needs no such
-- care, SET and DEL take whatever type they find.
local function read_meta(meta_key, ...)
  local fields = redis.pcall('HMGET', meta_key, ...)
  if fields.err then
    if not string.find(fields.err, 'WRONGTYPE', 1, true) then
      error(fields.err, 0)
    end
    redis.call('DEL', meta_key)
    fields = redis.call('HMGET', meta_key, ...)
  end
  return fields
end

local function require_version(version)
  if type(version) ~= 'string' or #version ~= VERSION_LENGTH then
    error('ERR tidemark: expected a version of ' .. VERSION_LENGTH .. ' characters, found ' .. #tostring(version), 0)
  end
end

local function epoch_of(version)
  return string.sub(version, 1, 4)
end

local function commit_lsn_of(version)
  return string.sub(version, 6, 21)
end

-- Sets how long the meta is kept: longer than the value by the fence's own time, so that a late older change still
-- finds it. A value kept for ever keeps its meta for ever.
local function expire_meta(meta_key, ttl, fence_ttl)
  if ttl > 0 then
    redis.call('PEXPIRE', meta_key, ttl + fence_ttl)
  else
    redis.call('PERSIST', meta_key)
  end
end

local function set_value(value_key, value, ttl)
  if ttl > 0 then
    redis.call('SET', value_key, value, 'PX', ttl)
  else
    redis.call('SET', value_key, value)
  end
end

--[[
Whether a value of this version and horizon would take the entry back in time although its version is newer.

The entry's value was read from the database and may hold every change up to its horizon. A change committed up to
there may be older than what was read; so may a value that was read before. Both are answered by reading again. LSNs of
different epochs say nothing about each other, and a new epoch begins by evicting everything. A fence of no version is of
no epoch: it takes part.
]]
local function may_go_back(version, horizon, fence, fence_horizon)
  if not fence_horizon or (fence ~= NO_VERSION and epoch_of(version) ~= epoch_of(fence)) then
    return false
  end
  if horizon ~= '' then
    return horizon < fence_horizon
  end
  return commit_lsn_of(version) <= fence_horizon
end

-- A lease does not outlive any change of the entry; a horizon outlives it only with the value it speaks of.
local function set_fence(meta_key, version, committed, horizon, had_more)
  if had_more then
    redis.call('HDEL', meta_key, 'l', 'h')
  end
  if horizon ~= '' then
    redis.call('HSET', meta_key, 'v', version, 'c', committed, 'h', horizon)
  else
    redis.call('HSET', meta_key, 'v', version, 'c', committed)
  end
end

local function put(value_key, meta_key, version, committed, horizon, value, ttl, fence_ttl)
  require_version(version)
  local meta = read_meta(meta_key, 'v', 'h', 'l')
  local fence, fence_horizon, lease = meta[1], meta[2], meta[3]
  if fence and version <= fence then
    return 'older'
  end
  if fence and may_go_back(version, horizon, fence, fence_horizon) then
    return 'read'
  end
  set_fence(meta_key, version, committed, horizon, lease or fence_horizon)
  set_value(value_key, value, ttl)
  -- A fence that was left by a delete expires, and so does one of a cache that had a ttl before.
  if ttl > 0 or fence then
    expire_meta(meta_key, ttl, fence_ttl)
  end
  return 'written'
end

local function evict(value_key, meta_key, version, committed, horizon, fence_ttl)
  require_version(version)
  local meta = read_meta(meta_key, 'v', 'h', 'l')
  local fence, fence_horizon, lease = meta[1], meta[2], meta[3]
  if fence and version <= fence then
    return 'older'
  end
  if fence and may_go_back(version, horizon, fence, fence_horizon) then
    return 'read'
  end
  set_fence(meta_key, version, committed, horizon, lease or fence_horizon)
  redis.call('PEXPIRE', meta_key, fence_ttl)
  return redis.call('DEL', value_key) == 1 and 'evicted' or 'absent'
end

-- tm_put(version, committed micros, ttl ms or 0, fence ttl ms, horizon or '', value): written | older | read
redis.register_function('tm_put', function(keys, args)
  local version, committed, ttl, fence_ttl, horizon, value = unpack(args)
  return put(keys[1], keys[2], version, committed, horizon, value, tonumber(ttl), tonumber(fence_ttl))
end)

-- tm_evict(version, committed micros, fence ttl ms, horizon or ''): evicted | absent | older | read
-- The horizon is given by who looked into the database and found no row. Works in a full Redis too, as it makes room.
redis.register_function{ function_name = 'tm_evict', flags = { 'allow-oom' }, callback = function(keys, args)
  local version, committed, fence_ttl, horizon = unpack(args)
  return evict(keys[1], keys[2], version, committed, horizon or '', tonumber(fence_ttl))
end }

--[[
tm_apply(ttl ms or 0, fence ttl ms, then for each entry: 'p' or 'e', version, committed micros, horizon or '', value or '')

Many puts (p) and evicts (e) in one call, for a caller that has many: the cost of a call is then paid once. Keys come in
pairs, value key and meta key. On Redis Cluster all of one call must lie in one slot.

Answers one letter for each entry, w(ritten) o(lder) r(ead) e(victed) a(bsent), or x where it could not be done; the text
after a line break then says what Redis said of the first x. One entry that fails does not keep the others from being done.
]]
local LETTER = { written = 'w', older = 'o', read = 'r', evicted = 'e', absent = 'a' }
local ARGS_PER_ENTRY = 5

redis.register_function('tm_apply', function(keys, args)
  local ttl, fence_ttl = tonumber(args[1]), tonumber(args[2])
  local letters, problem = {}, nil
  for entry = 1, #keys / 2 do
    local value_key, meta_key = keys[2 * entry - 1], keys[2 * entry]
    local first = 3 + (entry - 1) * ARGS_PER_ENTRY
    local version, committed = args[first + 1], args[first + 2]
    local done, result
    if args[first] == 'p' then
      done, result = pcall(put, value_key, meta_key, version, committed, args[first + 3], args[first + 4], ttl, fence_ttl)
    else
      done, result = pcall(evict, value_key, meta_key, version, committed, args[first + 3], fence_ttl)
    end
    if not done then
      problem = problem or (type(result) == 'table' and result.err or tostring(result))
    end
    letters[entry] = done and LETTER[result] or 'x'
  end
  local answer = table.concat(letters)
  return problem and (answer .. '\n' .. problem) or answer
end)

--[[
tm_invalidate(version of the change, where it is known): invalidated | absent | older

For a change that happened but whose version or content is unknown. The value goes, the lease is void, the fence stays:
what was refused before is refused afterwards. So a change that the fence has seen already invalidates nothing: it would
be refused when it comes again, and nothing would bring the value back.
]]
redis.register_function{ function_name = 'tm_invalidate', flags = { 'allow-oom' }, callback = function(keys, args)
  local value_key, meta_key = keys[1], keys[2]
  local fence, version = read_meta(meta_key, 'v')[1], args[1]
  if version and fence and version <= fence then
    return 'older'
  end
  redis.call('HDEL', meta_key, 'l')
  return redis.call('DEL', value_key) == 1 and 'invalidated' or 'absent'
end }

-- tm_get(): nil | { value, version, committed micros }. A value without its meta is no entry: nobody can say how old it is.
redis.register_function{ function_name = 'tm_get', flags = { 'no-writes' }, callback = function(keys)
  local meta = redis.pcall('HMGET', keys[2], 'v', 'c')
  if meta.err or not meta[1] then
    return false
  end
  local value = redis.pcall('GET', keys[1])
  if not value or type(value) == 'table' then
    return false
  end
  return { value, meta[1], meta[2] or '0' }
end }

local function now_millis()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The token, or nil when the lease has ended. A token holds no blank.
local function live_token(lease)
  local token, ends = string.match(lease or '', '^(%S+) (%d+)$')
  return token and tonumber(ends) > now_millis() and token or nil
end

--[[
tm_lease(token, lease ms, fence ttl ms, 'take' or 'ask'): { 'granted' or 'denied', version }

Permission to fill the entry from a database read that begins after the answer. Any put, evict or invalidate in between
voids it. 'ask' is denied while somebody else's lease lasts; 'take' voids that lease. An entry without a fence gets one of
no version, which expires: a fill that finds no fence at all is refused, because Redis may have forgotten it.
]]
redis.register_function('tm_lease', function(keys, args)
  local meta_key = keys[2]
  local token, lease_millis, fence_ttl, manner = args[1], tonumber(args[2]), tonumber(args[3]), args[4]
  local meta = read_meta(meta_key, 'v', 'l')
  local fence, holder = meta[1], live_token(meta[2])
  if manner ~= 'take' and holder and holder ~= token then
    return { 'denied', fence or NO_VERSION }
  end
  redis.call('HSET', meta_key, 'l', token .. ' ' .. string.format('%d', now_millis() + lease_millis))
  if not fence then
    redis.call('HSET', meta_key, 'v', NO_VERSION, 'c', '0')
    redis.call('PEXPIRE', meta_key, fence_ttl)
  end
  return { 'granted', fence or NO_VERSION }
end)

--[[
tm_fill(token, horizon, ttl ms or 0, fence ttl ms, 'row' or 'gone', value or ''): filled | removed | refused

Ends a lease with what the database held: the row's document, or that there is no row. The entry keeps its version: the
change that made the row so is still to come, or was the one the fence has seen.
]]
redis.register_function('tm_fill', function(keys, args)
  local value_key, meta_key = keys[1], keys[2]
  local token, horizon, ttl, fence_ttl, found, value = args[1], args[2], tonumber(args[3]), tonumber(args[4]), args[5], args[6]
  local meta = read_meta(meta_key, 'v', 'l')
  if not meta[1] or live_token(meta[2]) ~= token then
    return 'refused'
  end
  redis.call('HDEL', meta_key, 'l')
  redis.call('HSET', meta_key, 'h', horizon)
  if found == 'gone' then
    redis.call('DEL', value_key)
    redis.call('PEXPIRE', meta_key, fence_ttl)
    return 'removed'
  end
  set_value(value_key, value, ttl)
  expire_meta(meta_key, ttl, fence_ttl)
  return 'filled'
end)

-- tm_library(): the version of this library.
redis.register_function{ function_name = 'tm_library', flags = { 'no-writes' }, callback = function()
  return LIBRARY_VERSION
end }
