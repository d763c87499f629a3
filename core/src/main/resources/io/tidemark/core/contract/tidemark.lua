#!lua name=tidemark
--[[
The cache contract of Tidemark, as functions of Redis 7 and later.

An entry is two keys of one cluster slot:
  value key   the user's own key; its value is the document: a string of JSON text or of gzip, or a hash
  meta key    tm:{<value key>}, a hash. Of an entry that cache-writer keeps of a row:
                v  fence: the newest version the entry has seen, deletes included (43 characters, ordered bytewise)
                c  commit time of that version, microseconds since 1970-01-01 UTC
                h  horizon: 16 hex digits of an LSN; only beside a value that was read from the database
              Of an entry that an application fills, a text that is what s is below; or, with more to say, a hash:
                s  "<stamp> <life in milliseconds> <tag> <tag>": the stamp its lease was given at, how long it lives from its
                   fill, its tags. "- <list> <tag> <tag>" when it is no longer right: the list and the tags it is still a
                   member of
                n  '1' when there is nothing to show for the key, and that is what was filled
                e  "<end> <grace>", only with a grace: when it goes stale by age, in Unix milliseconds, and for how many
                   milliseconds after an end of any kind its old value may still be used
                o  "<end> <value>": an old value that was invalidated, and until when it may still be used
              Of both:
                l  lease: "<token> <end in Unix milliseconds>", and of an application's entry " <stamp>" after it

Tags live at keys of their own, one slot for each tag:
  tm.tag:{<tag>}               the stamp of its last bump, or an older lease's. Absent says: entries with the tag are stale
  tm.idx:<list>:{<tag>}        members: the value keys that carry it, in the order they were filled
  tm.{bumps}                   the present stamp, and for each of many buckets of tags the last bump of any in it
  tm.{bumps}:sweeps            tags whose members are to be swept, each with the number of its last bump
  tm.{bumps}:tags              the names of all tags that have a counter, and of some that have none any more; whole only if
                               it has the empty name too
  tm.{bumps}:pruning           names that are being looked at, by whom, on a Redis Cluster
  tm.row:{<table>:<key>}       what cache-writer remembers of a row: v its version, t what decided its tags
  tm.{bumps}:stream            a stream: what has become stale, in the order it did; see "The invalidation stream"

A stamp is "<life>:<number>": the number of the last bump at some moment, within a life of tm.{bumps}.

On a Redis Cluster no function touches another slot's key: the caller goes from slot to slot, in the order that docs/cache-contract.md
gives, and a counter that is being made holds "--------:<token>" meanwhile, which covers nothing.

Every function is one step for everybody else, so no caller needs a lock. Every writing function may be sent twice:
the second time it finds what the first one did and changes nothing. A resend after a lost answer is therefore safe.

Versions and LSNs are compared as text: Redis's numbers are doubles and cannot hold them.
]]

-- Raised with every change that a caller or another version of this library could notice.
local LIBRARY_VERSION = 13

-- Appends to the invalidation stream, below.
local say, say_key

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

-- More than a row of PostgreSQL can have; not more than unpack can bear.
local MOST_FIELDS = 2000

--[[
The fields of a hash and their values by turns, from the one MessagePack array of texts that they come as. Asked before
anything is written: what cannot be read must not leave a fence without its value.
]]
local function fields_of(packed)
  local fields = cmsgpack.unpack(packed)
  if type(fields) ~= 'table' or #fields % 2 ~= 0 or #fields > 2 * MOST_FIELDS then
    error('ERR tidemark: expected up to ' .. MOST_FIELDS .. ' fields and their values by turns, packed', 0)
  end
  for i = 1, #fields do
    if type(fields[i]) ~= 'string' then
      error('ERR tidemark: expected texts as fields and values, found a ' .. type(fields[i]), 0)
    end
  end
  return fields
end

-- A hash takes the place of whatever was there: no field of before is left, and nobody sees a part of it.
local function set_hash(value_key, fields, ttl)
  redis.call('DEL', value_key)
  if #fields > 0 then
    redis.call('HSET', value_key, unpack(fields))
  end
  if ttl > 0 then
    redis.call('PEXPIRE', value_key, ttl)
  end
end

-- The fields and values of a hash; false where there is none, or one that is not ours.
local function read_hash(value_key)
  local length = redis.pcall('HLEN', value_key)
  return type(length) == 'number' and length > 0 and length <= MOST_FIELDS and redis.call('HGETALL', value_key)
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

local function put(value_key, meta_key, version, committed, horizon, value, ttl, fence_ttl, is_hash)
  require_version(version)
  local meta = read_meta(meta_key, 'v', 'h', 'l')
  local fence, fence_horizon, lease = meta[1], meta[2], meta[3]
  if fence and version <= fence then
    return 'older'
  end
  if fence and may_go_back(version, horizon, fence, fence_horizon) then
    return 'read'
  end
  local fields = is_hash and fields_of(value)
  set_fence(meta_key, version, committed, horizon, lease or fence_horizon)
  if fields then
    set_hash(value_key, fields, ttl)
  else
    set_value(value_key, value, ttl)
  end
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

-- tm_put(version, committed micros, ttl ms or 0, fence ttl ms, horizon or '', value [, 'hash']): written | older | read
-- A hash comes as its fields and their values by turns, in one MessagePack array.
redis.register_function('tm_put', function(keys, args)
  local version, committed, ttl, fence_ttl, horizon, value, form = unpack(args)
  local result =
    put(keys[1], keys[2], version, committed, horizon, value, tonumber(ttl), tonumber(fence_ttl), form == 'hash')
  return say_key(keys[1], result, version, committed)
end)

-- tm_evict(version, committed micros, fence ttl ms, horizon or ''): evicted | absent | older | read
-- The horizon is given by who looked into the database and found no row. Works in a full Redis too, as it makes room.
redis.register_function{ function_name = 'tm_evict', flags = { 'allow-oom' }, callback = function(keys, args)
  local version, committed, fence_ttl, horizon = unpack(args)
  return say_key(keys[1], evict(keys[1], keys[2], version, committed, horizon or '', tonumber(fence_ttl)), version, committed)
end }

--[[
tm_apply(ttl ms or 0, fence ttl ms, then for each entry: 'p', 'h' or 'e', version, committed micros, horizon or '', value or ''[, life, key of it])

Many puts (p, of a hash h) and evicts (e) in one call, for a caller that has many: the cost of a call is then paid once. Keys come in
pairs, value key and meta key. On Redis Cluster all of one call must lie in one slot.

Answers one letter for each entry, w(ritten) o(lder) r(ead) e(victed) a(bsent), or x where it could not be done; the text
after a line break then says what Redis said of the first x. One entry that fails does not keep the others from being done.

With a life nothing is done once Redis has lost its data since: whoever writes what is old must not do so where nothing newer is any
more to refuse it. The life is what the key holds: tm:incarnation, or, where each master of a Redis Cluster may lose its data alone,
a key of the entries' own slot.
]]
local LETTER = { written = 'w', older = 'o', read = 'r', evicted = 'e', absent = 'a' }
local ARGS_PER_ENTRY = 5

redis.register_function('tm_apply', function(keys, args)
  local ttl, fence_ttl = tonumber(args[1]), tonumber(args[2])
  local after = 3 + #keys / 2 * ARGS_PER_ENTRY
  local life = args[after]
  if life and redis.call('GET', args[after + 1] or 'tm:incarnation') ~= life then
    return string.rep('x', #keys / 2) .. '\nRedis has lost its data meanwhile'
  end
  local letters, problem = {}, nil
  local changed, newest, newest_committed = {}, '', nil
  for entry = 1, #keys / 2 do
    local value_key, meta_key = keys[2 * entry - 1], keys[2 * entry]
    local first = 3 + (entry - 1) * ARGS_PER_ENTRY
    local version, committed = args[first + 1], args[first + 2]
    local done, result
    if args[first] ~= 'e' then
      done, result = pcall(put, value_key, meta_key, version, committed, args[first + 3], args[first + 4], ttl, fence_ttl,
        args[first] == 'h')
    else
      done, result = pcall(evict, value_key, meta_key, version, committed, args[first + 3], fence_ttl)
    end
    if not done then
      problem = problem or (type(result) == 'table' and result.err or tostring(result))
    end
    letters[entry] = done and LETTER[result] or 'x'
    if done and result ~= 'older' and result ~= 'read' then
      changed[#changed + 1] = value_key
      if version > newest then
        newest, newest_committed = version, committed
      end
    end
  end
  say('keys', changed, newest, newest_committed)
  local answer = table.concat(letters)
  return problem and (answer .. '\n' .. problem) or answer
end)

--[[
tm_judge(for each entry: 'p' or 'e', version), keys in pairs as in tm_apply: one letter for each entry.

What tm_apply would do with a put (p) or an evict (e) of these versions that came with its change, without doing it: o(lder), r(ead),
n(ew), f(irst: there is no fence), or g(one already: there is neither a fence nor a value to evict).
]]
redis.register_function{ function_name = 'tm_judge', flags = { 'no-writes' }, callback = function(keys, args)
  local letters = {}
  for entry = 1, #keys / 2 do
    local what, version = args[2 * entry - 1], args[2 * entry]
    local meta = redis.pcall('HMGET', keys[2 * entry], 'v', 'h')
    local fence = not meta.err and meta[1]
    if not fence then
      letters[entry] = what == 'e' and redis.call('EXISTS', keys[2 * entry - 1]) == 0 and 'g' or 'f'
    elseif version <= fence then
      letters[entry] = 'o'
    else
      letters[entry] = may_go_back(version, '', fence, meta[2]) and 'r' or 'n'
    end
  end
  return table.concat(letters)
end }

local function now_millis()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The token and the stamp it was given at, or nil when the lease has ended. A token holds no blank.
local function live_token(lease, now)
  if not lease then
    return nil
  end
  local token, ends, stamp = string.match(lease, '^(%S+) (%d+) ?(%S*)$')
  if token and tonumber(ends) > (now or now_millis()) then
    return token, stamp, tonumber(ends)
  end
  return nil
end

--[[
tm_row_lease(token, lease ms, fence ttl ms, 'take' or 'ask'): { 'granted' or 'denied', version }

Permission to fill the entry from a database read that begins after the answer. Any put, evict or invalidate in between
voids it. 'ask' is denied while somebody else's lease lasts; 'take' voids that lease. An entry without a fence gets one of
no version, which expires: a fill that finds no fence at all is refused, because Redis may have forgotten it.
]]
local function row_lease(meta_key, token, ends, fence_ttl, manner, now)
  local meta = read_meta(meta_key, 'v', 'l')
  local fence, holder = meta[1], live_token(meta[2], now)
  if manner ~= 'take' and holder and holder ~= token then
    return 'denied', fence
  end
  if fence then
    redis.call('HSET', meta_key, 'l', token .. ends)
  else
    redis.call('HSET', meta_key, 'l', token .. ends, 'v', NO_VERSION, 'c', '0')
    redis.call('PEXPIRE', meta_key, fence_ttl)
  end
  return 'granted', fence
end

local function end_of_lease(now, lease_millis)
  return ' ' .. string.format('%d', now + tonumber(lease_millis))
end

redis.register_function('tm_row_lease', function(keys, args)
  local now = now_millis()
  local result, fence = row_lease(keys[2], args[1], end_of_lease(now, args[2]), tonumber(args[3]), args[4], now)
  return { result, fence or NO_VERSION }
end)

-- tm_row_leases(token, lease ms, fence ttl ms), keys in pairs: how many. Takes the leases of many entries in one call.
redis.register_function('tm_row_leases', function(keys, args)
  local now, fence_ttl = now_millis(), tonumber(args[3])
  local ends = end_of_lease(now, args[2])
  for at = 2, #keys, 2 do
    row_lease(keys[at], args[1], ends, fence_ttl, 'take', now)
  end
  return #keys / 2
end)

--[[
tm_row_fill(token, horizon or '', ttl ms or 0, fence ttl ms, 'row', 'hash' or 'gone', value or ''): filled | removed | refused

Ends a lease with what the database held: the row's document, or that there is no row. The entry keeps its version: the
change that made the row so is still to come, or was the one the fence has seen. Without a horizon it is what that change
itself said, by somebody who has looked at the fence under the lease.
]]
local function row_fill(value_key, meta_key, token, horizon, ttl, fence_ttl, found, value, now)
  local meta = read_meta(meta_key, 'v', 'l')
  if not meta[1] or live_token(meta[2], now) ~= token then
    return 'refused'
  end
  local fields = found == 'hash' and fields_of(value)
  redis.call('HDEL', meta_key, 'l', 'h')
  if horizon ~= '' then
    redis.call('HSET', meta_key, 'h', horizon)
  end
  if found == 'gone' then
    redis.call('DEL', value_key)
    redis.call('PEXPIRE', meta_key, fence_ttl)
    return 'removed'
  end
  if fields then
    set_hash(value_key, fields, ttl)
  else
    set_value(value_key, value, ttl)
  end
  expire_meta(meta_key, ttl, fence_ttl)
  return 'filled'
end

redis.register_function('tm_row_fill', function(keys, args)
  local result =
    row_fill(keys[1], keys[2], args[1], args[2], tonumber(args[3]), tonumber(args[4]), args[5], args[6], now_millis())
  return result == 'refused' and result or say_key(keys[1], result)
end)

--[[
tm_row_fills(token, horizon or '', ttl ms or 0, fence ttl ms, then for each entry: 'row', 'hash' or 'gone', value or ''): letters

Many fills under one token in one call, keys in pairs; on Redis Cluster all of one slot. Answers one letter for each entry:
f(illed), g(one: removed) or r(efused).
]]
local FILL_LETTER = { filled = 'f', removed = 'g', refused = 'r' }

redis.register_function('tm_row_fills', function(keys, args)
  local token, horizon, ttl, fence_ttl, now = args[1], args[2], tonumber(args[3]), tonumber(args[4]), now_millis()
  local letters, changed = {}, {}
  for entry = 1, #keys / 2 do
    local value_key = keys[2 * entry - 1]
    local result =
      row_fill(value_key, keys[2 * entry], token, horizon, ttl, fence_ttl, args[3 + 2 * entry], args[4 + 2 * entry], now)
    letters[entry] = FILL_LETTER[result]
    if result ~= 'refused' then
      changed[#changed + 1] = value_key
    end
  end
  say('keys', changed)
  return table.concat(letters)
end)

-- tm_row_prolong(ttl ms, fence ttl ms), keys in pairs: a text of one letter for each entry, p(rolonged) or n(one there)
redis.register_function('tm_row_prolong', function(keys, args)
  local ttl, fence_ttl = tonumber(args[1]), tonumber(args[2])
  local letters = {}
  for entry = 1, #keys / 2 do
    local value_key, meta_key = keys[2 * entry - 1], keys[2 * entry]
    local there = redis.call('EXISTS', value_key, meta_key) == 2
    if there then
      redis.call('PEXPIRE', value_key, ttl)
      expire_meta(meta_key, ttl, fence_ttl)
    end
    letters[entry] = there and 'p' or 'n'
  end
  return table.concat(letters)
end)

--[[ Tags ]]

local BUMPS = 'tm.{bumps}'
local SWEEPS = BUMPS .. ':sweeps'
local TAGS = BUMPS .. ':tags'
local PRUNING = BUMPS .. ':pruning'
local LIFE_LENGTH, NUMBER_LENGTH, BUCKETS = 8, 16, 8192
local HEADER_LENGTH = LIFE_LENGTH + NUMBER_LENGTH

-- Members are listed by when they expire: the list <level>:<bucket> holds those that expire while
-- floor(seconds / 4^level) is the bucket, and expires itself when that is over. An entry is in the level whose buckets are
-- just not shorter than its life, so its list is the present bucket or the next.
local LEVELS = 12
local LONGEST_LIFE = 4 ^ (LEVELS - 1) * 1000

-- For how long a meta without a value remembers which lists still hold its key, so that it is not put there twice.
local REMEMBER_LISTS = 60000

-- In place of the stamp of an entry that is not right any more.
local NO_STAMP = '-'

local function in_braces(name)
  return string.find(name, '{', 1, true) and name or '{' .. name .. '}'
end

local function counter_of(tag)
  return 'tm.tag:' .. in_braces(tag)
end

local function list_of(tag, list)
  return 'tm.idx:' .. list .. ':' .. in_braces(tag)
end

local function meta_of(value_key)
  return string.find(value_key, '{', 1, true) and 'tm:' .. value_key or 'tm:{' .. value_key .. '}'
end

-- Whether a reply says that the key lies in another slot of a Redis Cluster. Whoever called goes there itself then.
local function is_elsewhere(reply)
  return type(reply) == 'table' and reply.err
    and (string.find(reply.err, 'non local key', 1, true) or string.find(reply.err, 'same slot', 1, true)) and true or false
end

local function stamp_text(life, number)
  return life .. ':' .. string.format('%d', number)
end

local function life_of(stamp)
  return string.sub(stamp, 1, LIFE_LENGTH)
end

local function number_of(stamp)
  return tonumber(string.sub(stamp, LIFE_LENGTH + 2)) or -1
end

-- Whether nothing of a tag was bumped after a stamp, by the tag's counter. Stamps of different lives cannot be compared.
local function covers(stamp, counter)
  return counter and life_of(stamp) == life_of(counter) and number_of(counter) <= number_of(stamp)
end

-- The present life and number; begins a life when there is none, because Redis was emptied or has evicted it. Nil when
-- the key lies elsewhere.
local function present()
  local header = redis.pcall('GETRANGE', BUMPS, 0, HEADER_LENGTH - 1)
  if is_elsewhere(header) then
    return nil
  end
  if type(header) == 'string' and #header == HEADER_LENGTH then
    return string.sub(header, 1, LIFE_LENGTH), tonumber(string.sub(header, LIFE_LENGTH + 1))
  end
  local time = redis.call('TIME')
  local life = string.format('%08x', (tonumber(time[1]) * 1000000 + tonumber(time[2])) % 4294967296)
  redis.call('SET', BUMPS, life .. string.rep('0', NUMBER_LENGTH))
  return life, 0
end

local function bucket_offset(tag)
  local bucket = tonumber(string.sub(redis.sha1hex(tag), 1, 6), 16) % BUCKETS
  return HEADER_LENGTH + bucket * NUMBER_LENGTH
end

-- Whether the tag, or one of its bucket, was bumped after the stamp. For a tag that has no counter to say so.
local function may_be_bumped_since(tag, stamp, life)
  if life_of(stamp) ~= life then
    return true
  end
  local offset = bucket_offset(tag)
  local last = tonumber((redis.call('GETRANGE', BUMPS, offset, offset + NUMBER_LENGTH - 1))) or 0
  return last > number_of(stamp)
end

local function require_tags(tags)
  for tag in string.gmatch(tags, '%S+') do
    if #tag > 512 then
      error('ERR tidemark: expected tags of at most 512 bytes, found one of ' .. #tag, 0)
    end
  end
end

--[[
tm_mark(), key tm.{bumps}: the present stamp.

What a lease on a Redis Cluster is given, asked for before the lease. On a single node tm_lease takes it by itself.
]]
redis.register_function('tm_mark', function()
  local life, number = present()
  return stamp_text(life, number)
end)

-- Every list that can hold a member which has not expired.
local function present_lists()
  local lists = {}
  local seconds = now_millis() / 1000
  for level = 0, LEVELS - 1 do
    local bucket = math.floor(seconds / 4 ^ level)
    lists[#lists + 1] = string.format('%d:%d', level, bucket)
    lists[#lists + 1] = string.format('%d:%d', level, bucket + 1)
  end
  return lists
end

local function has_members(tag)
  local keys = present_lists()
  for i = 1, #keys do
    keys[i] = list_of(tag, keys[i])
  end
  -- While a slot of a Redis Cluster moves nobody can say; then there may be some.
  local count = redis.pcall('EXISTS', unpack(keys))
  return type(count) ~= 'number' or count > 0
end

--[[
tm_bump(tag ...), key tm.{bumps}: { stamp, tag that is still to be bumped ... }

Makes every entry that carries one of the tags stale at once, and refuses every fill whose lease is older. On a single
node no tag is left over; on a Redis Cluster each one that lies in another slot is, for tm_bump_tag. Costs the same
however many entries carry a tag. Works in a full Redis too.
]]
redis.register_function{ function_name = 'tm_bump', flags = { 'allow-oom' }, callback = function(_, tags)
  local life, number = present()
  number = number + 1
  local stamp = stamp_text(life, number)
  local digits = string.format('%016d', number)
  local answer = { stamp }
  redis.call('SETRANGE', BUMPS, LIFE_LENGTH, digits)
  for i = 1, #tags do
    local tag = tags[i]
    redis.call('SETRANGE', BUMPS, bucket_offset(tag), digits)
    -- A tag without a counter is on no entry that is right; it gets none, so tags that nobody carries cost nothing.
    local done = redis.pcall('SET', counter_of(tag), stamp, 'XX', 'KEEPTTL')
    if is_elsewhere(done) then
      answer[#answer + 1] = tag
      redis.call('HSET', SWEEPS, tag, number)
    elseif done then
      redis.call('HSET', SWEEPS, tag, number)
    else
      redis.call('ZREM', TAGS, tag)
      if has_members(tag) then
        redis.call('HSET', SWEEPS, tag, number)
      end
    end
  end
  say('tags', tags)
  return answer
end }

--[[
tm_bump_tag(stamp, tag), key tm.tag:{<tag>}: 1 when an entry may carry the tag or is listed with it, else 0.

The second half of a bump on a Redis Cluster. Whoever finds a bump that was left half done may do it: a counter never goes back. Of two
lives nobody knows which came first, so a counter of another life goes, which makes its entries stale too.
]]
redis.register_function{ function_name = 'tm_bump_tag', flags = { 'allow-oom' }, callback = function(keys, args)
  local stamp = args[1]
  local counter = redis.pcall('GET', keys[1])
  if type(counter) ~= 'string' or life_of(counter) ~= life_of(stamp) then
    return (redis.call('DEL', keys[1]) == 1 or has_members(args[2])) and 1 or 0
  end
  if number_of(counter) < number_of(stamp) then
    redis.call('SET', keys[1], stamp, 'KEEPTTL')
  end
  return 1
end }

--[[ Entries that an application fills ]]

-- Whether the entry is right: true, or false, or the list of tags that lie in other slots and are still to be looked at.
local function is_right(stamp, tags)
  local elsewhere = nil
  for tag in string.gmatch(tags, '%S+') do
    local counter = redis.pcall('GET', counter_of(tag))
    if is_elsewhere(counter) then
      elsewhere = elsewhere or { stamp }
      elsewhere[#elsewhere + 1] = tag
    elseif type(counter) ~= 'string' or not covers(stamp, counter) then
      return false
    end
  end
  return elsewhere or true
end

-- The three parts of the field s.
local function parts_of(s)
  return string.match(s, '^(%S+) (%S+) ?(.*)$')
end

-- Whether the entry's age is above its ttl; one without a grace is gone then anyway.
local function is_over(e)
  return e and tonumber(string.match(e, '^%d+')) <= now_millis()
end

-- What is said of an entry that an application may have filled: the fields named, and whether the meta is a text.
local function read_filled_meta(meta_key)
  local text = redis.pcall('GET', meta_key)
  if type(text) == 'string' and parts_of(text) then
    return { s = text }, true
  end
  if not text then
    return {}, false
  end
  local meta = read_meta(meta_key, 'l', 's', 'n', 'e', 'o', 'v')
  return { l = meta[1], s = meta[2], n = meta[3], e = meta[4], o = meta[5], v = meta[6] }, false
end

-- What a reader is given of an entry that an application filled: nil when it is not right.
local function read_filled(value_key, s, n, e)
  local stamp, _, tags = parts_of(s)
  if stamp == NO_STAMP or is_over(e) then
    return nil
  end
  local right = is_right(stamp, tags)
  if not right then
    return nil
  end
  local value = n ~= '1' and redis.pcall('GET', value_key) or nil
  if n ~= '1' and type(value) ~= 'string' then
    return nil
  end
  return { value or false, NO_VERSION, '0', right ~= true and right or nil }
end

--[[
tm_get(): nil | { value, version, committed micros [, { stamp, tag ... }] }

A hash is a list of its fields and their values by turns.
Of an entry that an application filled, the version is the lowest and the time is 0; the value is nil where the fill said that
there is nothing. A fourth element comes only on a Redis Cluster: tags in other slots. The value is
right only if for each of them tm.tag:{<tag>} holds a stamp of the same life and of no higher number.
A value without its meta is no entry: nobody can say how old it is.
]]
local function get(keys)
  local meta = redis.pcall('HMGET', keys[2], 'v', 'c', 's', 'n', 'e')
  if meta.err then
    local text = redis.pcall('GET', keys[2])
    return type(text) == 'string' and parts_of(text) and read_filled(keys[1], text) or false
  end
  if meta[3] and (not meta[1] or meta[1] == NO_VERSION) then
    return read_filled(keys[1], meta[3], meta[4], meta[5]) or false
  end
  if not meta[1] then
    return false
  end
  local value = redis.pcall('GET', keys[1])
  if type(value) == 'table' then
    value = read_hash(keys[1])
  end
  if not value then
    return false
  end
  return { value, meta[1], meta[2] or '0' }
end

redis.register_function{ function_name = 'tm_get', flags = { 'no-writes' }, callback = get }

--[[
tm_copy(): nil | { value, version, committed micros, tags with blanks between, ms it will be right or -1 }

What tm_get answers, for whoever keeps a copy in memory and follows the invalidation stream. Nil too on a Redis Cluster where a
tag lies in another slot.
]]
redis.register_function{ function_name = 'tm_copy', flags = { 'no-writes' }, callback = function(keys)
  local found = get(keys)
  if not found or found[4] then
    return false
  end
  local text = redis.pcall('GET', keys[2])
  local meta = type(text) == 'string' and { text } or redis.pcall('HMGET', keys[2], 's', 'e')
  local tags, left = '', nil
  if meta[1] then
    tags = select(3, parts_of(meta[1]))
    left = meta[2] and tonumber(string.match(meta[2], '^%d+')) - now_millis() or redis.call('PTTL', keys[2])
  else
    left = redis.call('PTTL', keys[1])
  end
  return { found[1], found[2], found[3], tags, left }
end }

-- The old value that may still be used, by the grace that the entry was filled with; nil for none.
local function old_value(value_key, s, e, o)
  local now = now_millis()
  if o then
    local ends, value = string.match(o, '^(%d+) (.*)$')
    return ends and tonumber(ends) > now and value or nil
  end
  if not s or not e then
    return nil
  end
  local ends, grace = string.match(e, '^(%d+) (%d+)$')
  if not ends or tonumber(ends) + tonumber(grace) <= now then
    return nil
  end
  local value = redis.pcall('GET', value_key)
  return type(value) == 'string' and value or nil
end

-- The list of an entry that lives so long and ends then, in Unix milliseconds; and when the list ends.
local function list_for(life_millis, ends)
  local level = 0
  while 4 ^ level * 1000 < life_millis do
    level = level + 1
  end
  local bucket = math.floor(ends / 1000 / 4 ^ level)
  return string.format('%d:%d', level, bucket), (bucket + 1) * 4 ^ level * 1000
end

-- The list that an entry is in, by the first two parts of its field s.
local function list_it_is_in(meta_key, stamp, life_or_list)
  if stamp == NO_STAMP then
    return life_or_list
  end
  return (list_for(tonumber(life_or_list), redis.call('PEXPIRETIME', meta_key)))
end

local function holds(tags, tag)
  return string.find(' ' .. tags .. ' ', ' ' .. tag .. ' ', 1, true)
end

-- Takes the value from where plain readers find it. With a grace it is put aside for those who ask for old ones.
local function put_aside(value_key, meta_key, e)
  local grace = e and tonumber(string.match(e, ' (%d+)$'))
  local value = grace and redis.pcall('GET', value_key)
  if type(value) == 'string' then
    redis.call('HSET', meta_key, 'o', string.format('%d ', now_millis() + grace) .. value)
    redis.call('PEXPIRE', meta_key, grace, 'GT')
  end
  return redis.call('DEL', value_key) == 1
end

--[[
Removes an entry that an application filled, and whose lease is someone's or nobody's. What is left is what is needed by
others: a lease, an old value in its grace, and for a minute which lists hold the key.
]]
local function remove_filled(value_key, meta_key, s, e, lease, swept_tag)
  local stamp, life_or_list, tags = parts_of(s)
  local list = list_it_is_in(meta_key, stamp, life_or_list)
  local had = put_aside(value_key, meta_key, e)
  local rest = {}
  for tag in string.gmatch(tags, '%S+') do
    if tag ~= swept_tag then
      rest[#rest + 1] = tag
    end
  end
  local now_s = NO_STAMP .. ' ' .. list .. ' ' .. table.concat(rest, ' ')
  if lease or e then
    redis.call('HDEL', meta_key, 'n', 'e')
    redis.call('HSET', meta_key, 's', now_s)
  elseif #rest == 0 then
    redis.call('DEL', meta_key)
  else
    redis.call('SET', meta_key, now_s, 'PX', math.max(1, math.min(REMEMBER_LISTS, redis.call('PTTL', meta_key))))
  end
  return had
end

--[[
tm_lease(token, lease ms [, stamp, stale stamp or nothing]): one of
  { 'hit', value or nil, version, micros [, { stamp, tag ... }] }   the entry is right, as tm_get says it
  { 'granted' }               go and compute it, then tm_fill with the token, before the lease ends
  { 'old', value, ms }        another one computes it, at most so long; until then this old value may be used
  { 'wait', ms }              another one computes it, at most so long; ask again

The stamp is needed on a Redis Cluster only, where the caller has asked tm_mark for it just before; the stale stamp is that of
an entry which the caller has found stale by tags of other slots. 'granted' may be asked for again with the same token. A key that cache-writer keeps is never granted.
]]
redis.register_function('tm_lease', function(keys, args)
  local value_key, meta_key = keys[1], keys[2]
  local token, lease_millis, stamp = args[1], tonumber(args[2]), args[3]
  if not string.find(token, '^%S+$') or not lease_millis or lease_millis < 1 then
    error('ERR tidemark: expected a token without blanks and a lease of at least 1 ms', 0)
  end
  local meta, is_text = read_filled_meta(meta_key)
  local s, e = meta.s, meta.e
  if meta.v and meta.v ~= NO_VERSION then
    error('ERR tidemark: this key is kept by cache-writer and is filled by nobody else; read it with tm_get', 0)
  end
  local is_known_stale = s and args[4] and args[4] == parts_of(s)
  local hit = s and not is_known_stale and read_filled(value_key, s, meta.n, e)
  if hit then
    return { 'hit', unpack(hit, 1, 4) }
  end
  local holder, _, ends = live_token(meta.l)
  if holder and holder ~= token then
    local old = old_value(value_key, s, e, meta.o)
    local left = ends - now_millis()
    return old and { 'old', old, left } or { 'wait', left }
  end
  if not stamp or stamp == '' then
    local life, number = present()
    if not life then
      error('ERR tidemark: on a Redis Cluster a lease is asked for with the stamp that tm_mark gives', 0)
    end
    stamp = stamp_text(life, number)
  end
  -- An old value's grace begins when it is first missed.
  if e and s and parts_of(s) ~= NO_STAMP and not is_over(e) then
    remove_filled(value_key, meta_key, s, e, true)
  end
  if is_text then
    local left = redis.call('PTTL', meta_key)
    redis.call('DEL', meta_key)
    redis.call('HSET', meta_key, 's', s)
    redis.call('PEXPIRE', meta_key, math.max(1, left))
  end
  redis.call('HSET', meta_key, 'l', token .. ' ' .. string.format('%d', now_millis() + lease_millis) .. ' ' .. stamp)
  if redis.call('PTTL', meta_key) < lease_millis then
    redis.call('PEXPIRE', meta_key, lease_millis)
  end
  return { 'granted' }
end)

-- Sees to it that the counter lives as long as whoever carries the tag.
local function keep_counter(counter_key, life_millis)
  redis.call('PEXPIRE', counter_key, life_millis + 60000, 'GT')
end

--[[
Whether an entry of the stamp may carry the tag now. A tag that has no counter, or one of another life, gets one: at the
stamp, when nothing can have been bumped since; at the present otherwise, so that the next lease is good for it.
]]
local function carry(tag, stamp, life_millis)
  local counter_key = counter_of(tag)
  local counter = redis.pcall('GET', counter_key)
  if is_elsewhere(counter) then
    error('ERR tidemark: tag ' .. tag .. ' lies in another slot of the Redis Cluster; join it first', 0)
  end
  if type(counter) == 'string' and life_of(counter) == life_of(stamp) then
    keep_counter(counter_key, life_millis)
    return covers(stamp, counter)
  end
  local life, number = present()
  local bumped = not life or may_be_bumped_since(tag, stamp, life)
  redis.call('SET', counter_key, bumped and stamp_text(life, number) or stamp, 'PX', life_millis + 60000)
  redis.pcall('ZADD', TAGS, 0, tag)
  return not bumped
end

local function enlist(tag, list, ends, value_key)
  local key = list_of(tag, list)
  if redis.call('RPUSH', key, value_key) == 1 then
    redis.call('PEXPIREAT', key, string.format('%d', ends))
  end
end

-- Up to so many percent off a ttl, always the same for a key: entries that were filled together do not end together.
local function with_jitter(ttl, percent, value_key)
  local share = tonumber(string.sub(redis.sha1hex(value_key), 1, 6), 16) / 0x1000000
  return math.max(1, math.floor(ttl - ttl * percent / 100 * share))
end

--[[
tm_fill(token, ttl ms, jitter percent, grace ms, tags with blanks between, 'value' or 'empty', value or '' [, 'joined', end]):
filled | refused

Ends a lease with what was computed. Refused when the lease is not there any more, or one of the tags was bumped since it was
given: what was computed may be of before. 'joined' is for a Redis Cluster, where the caller has joined each tag until the end that tm_filling gave.
]]
redis.register_function('tm_fill', function(keys, args)
  local value_key, meta_key = keys[1], keys[2]
  local token, ttl, jitter, grace = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  local tags, kind, value, joined = args[5], args[6], args[7], args[8]
  if not ttl or ttl < 1 or not grace or grace < 0 or ttl + grace > LONGEST_LIFE then
    error('ERR tidemark: expected a ttl from 1 ms and with its grace up to 48 days', 0)
  end
  if kind ~= 'value' and kind ~= 'empty' then
    error("ERR tidemark: expected 'value' or 'empty'", 0)
  end
  require_tags(tags)
  local meta = read_filled_meta(meta_key)
  local holder, stamp = live_token(meta.l)
  if holder ~= token or stamp == '' then
    return 'refused'
  end
  ttl = with_jitter(ttl, jitter or 0, value_key)
  local life_millis = ttl + grace
  local may = true
  if joined ~= 'joined' then
    for tag in string.gmatch(tags, '%S+') do
      may = carry(tag, stamp, life_millis) and may
    end
  end
  if not may then
    redis.call('HDEL', meta_key, 'l')
    return 'refused'
  end
  local now = joined == 'joined' and tonumber(args[9]) - life_millis or now_millis()
  local ends = string.format('%d', now + life_millis)
  if joined ~= 'joined' then
    local list, list_ends = list_for(life_millis, now + life_millis)
    local listed = ''
    if meta.s then
      local before, life_or_list, tags_before = parts_of(meta.s)
      listed = list_it_is_in(meta_key, before, life_or_list) == list and tags_before or ''
    end
    for tag in string.gmatch(tags, '%S+') do
      if not holds(listed, tag) then
        enlist(tag, list, list_ends, value_key)
      end
    end
  end
  local s = stamp .. ' ' .. string.format('%d', life_millis) .. ' ' .. tags
  if kind == 'value' and grace == 0 then
    -- A text, so that a plain MGET of the value, the meta and the counters is a reading of the contract too.
    redis.call('SET', meta_key, s, 'PXAT', ends)
  else
    redis.call('DEL', meta_key)
    redis.call('HSET', meta_key, 's', s)
    if grace > 0 then
      redis.call('HSET', meta_key, 'e', string.format('%d %d', now + ttl, grace))
    end
    if kind == 'empty' then
      redis.call('HSET', meta_key, 'n', '1')
    end
    redis.call('PEXPIREAT', meta_key, ends)
  end
  if kind == 'empty' then
    redis.call('DEL', value_key)
  else
    redis.call('SET', value_key, value, 'PXAT', ends)
  end
  return 'filled'
end)

--[[
tm_filling(token, ttl ms, jitter percent, grace ms): nil when the lease has ended, or
  { stamp of the lease, life ms, end in Unix milliseconds, list, end of the list, tags that list the key there already }

The first step of a fill on a Redis Cluster: how its tags are to be joined.
]]
redis.register_function{ function_name = 'tm_filling', flags = { 'no-writes' }, callback = function(keys, args)
  local token, ttl, jitter, grace = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  local meta = read_filled_meta(keys[2])
  local holder, stamp = live_token(meta.l)
  if holder ~= token or stamp == '' then
    return false
  end
  local life_millis = with_jitter(ttl, jitter, keys[1]) + grace
  local ends = now_millis() + life_millis
  local list, list_ends = list_for(life_millis, ends)
  local listed = ''
  if meta.s then
    local before, life_or_list, tags_before = parts_of(meta.s)
    listed = list_it_is_in(keys[2], before, life_or_list) == list and tags_before or ''
  end
  return { stamp, string.format('%d', life_millis), string.format('%d', ends), list, string.format('%d', list_ends), listed }
end }

-- What a counter holds while it is made on a Redis Cluster: of no life, so that it covers nothing.
local IN_THE_MAKING = '--------:'

--[[
tm_join(tag, stamp, life ms, token, list or '', end of the list, value key), key tm.tag:{<tag>}: joined | bumped | making

Lists the key of an entry with a tag, before the entry is filled. 'bumped': the tag was bumped since the stamp. 'making': the tag had
no counter and is getting one; tm_since and tm_settle come next, in this order.
]]
redis.register_function('tm_join', function(keys, args)
  local tag, stamp, life_millis, token, list, list_ends, value_key = unpack(args)
  require_tags(tag)
  local counter = redis.pcall('GET', keys[1])
  local is_known = type(counter) == 'string' and life_of(counter) == life_of(stamp)
  if is_known and not covers(stamp, counter) then
    return 'bumped'
  end
  if list ~= '' then
    enlist(tag, list, list_ends, value_key)
  end
  if is_known then
    keep_counter(keys[1], tonumber(life_millis))
    return 'joined'
  end
  redis.call('SET', keys[1], IN_THE_MAKING .. token, 'PX', tonumber(life_millis) + 60000)
  return 'making'
end)

--[[
tm_since(tag ...), key tm.{bumps}: { life, for each tag the number of the last bump that may have been of it }

Notes their names too. Asked for after the counters are in the making: a bump that comes later finds them.
]]
redis.register_function('tm_since', function(_, tags)
  local answer = { (present()) }
  for i = 1, #tags do
    local offset = bucket_offset(tags[i])
    answer[i + 1] = tonumber((redis.call('GETRANGE', BUMPS, offset, offset + NUMBER_LENGTH - 1))) or 0
    redis.call('ZADD', TAGS, 0, tags[i])
    redis.call('HDEL', PRUNING, tags[i])
  end
  return answer
end)

-- tm_settle(token, stamp, life ms), key tm.tag:{<tag>}: 1, or 0 when the counter is not in this making any more.
redis.register_function('tm_settle', function(keys, args)
  if redis.pcall('GET', keys[1]) ~= IN_THE_MAKING .. args[1] then
    return 0
  end
  redis.call('SET', keys[1], args[2], 'PX', tonumber(args[3]) + 60000)
  return 1
end)

--[[
tm_release(token): released | absent

Gives a lease back without a fill, because what was to be computed could not be.
]]
redis.register_function('tm_release', function(keys, args)
  local meta = read_filled_meta(keys[2])
  if live_token(meta.l) ~= args[1] then
    return 'absent'
  end
  redis.call('HDEL', keys[2], 'l')
  return 'released'
end)

--[[
tm_invalidate(version of the change, where it is known): invalidated | absent | older

Removes one entry by its key, whoever filled it, and voids its lease. With a version, for a change that happened but whose version or content is unknown. The value goes, the lease is void, the fence stays:
what was refused before is refused afterwards. So a change that the fence has seen already invalidates nothing: it would
be refused when it comes again, and nothing would bring the value back.
]]
redis.register_function{ function_name = 'tm_invalidate', flags = { 'allow-oom' }, callback = function(keys, args)
  local value_key, meta_key = keys[1], keys[2]
  local meta, is_text = read_filled_meta(meta_key)
  local fence, version = meta.v, args[1]
  if version and fence and version <= fence then
    return 'older'
  end
  if not is_text then
    redis.call('HDEL', meta_key, 'l')
  end
  if meta.s and parts_of(meta.s) then
    return say_key(value_key, remove_filled(value_key, meta_key, meta.s, meta.e) and 'invalidated' or 'absent', version)
  end
  return say_key(value_key, redis.call('DEL', value_key) == 1 and 'invalidated' or 'absent', version)
end }


--[[ The invalidation stream ]]

--[[
One stream, tm.{bumps}:stream, for whoever keeps copies: a record for whatever has become stale, in the order in which it did,
appended by the very call that makes it so. Fields of a record:
  kind      'tags', 'keys', or 'reset': anything may be stale
  names     the tags or the keys of values, a JSON array of texts
  version   of keys, the newest version of a change among them, and at its commit time in microseconds; where they are known
A name in it may be right all the same: an entry that was filled anew is named too. What expires or what Redis evicts is not.

  tm.{bumps}:stream:length      how many records are kept, about; '0' for no stream; absent for the default
  tm.{bumps}:stream:forwarded   up to where cache-writer has put it on Kafka
  tm.{bumps}:stream:forwarder   which cache-writer does, expires

On a Redis Cluster a call for a key of another slot cannot append: its caller does, by tm_say, once the call is done.
]]
local STREAM = BUMPS .. ':stream'
local STREAM_LENGTH = STREAM .. ':length'
local FORWARDED = STREAM .. ':forwarded'
local FORWARDER = STREAM .. ':forwarder'
local DEFAULT_LENGTH = 50000

-- A record of few names: the number of records then bounds the memory too.
local NAMES_IN_RECORD = 32

-- How many records are kept; nil when the stream lies in another slot.
local function stream_length()
  local length = redis.pcall('GET', STREAM_LENGTH)
  if is_elsewhere(length) then
    return nil
  end
  return type(length) == 'string' and tonumber(length) or DEFAULT_LENGTH
end

-- The first record of a stream. Its id is one that no stream had before: a stream made anew in the same millisecond would begin
-- with the very id that a follower of the old one has read last, and the follower would not notice.
local function begin_stream()
  local time = redis.call('TIME')
  local micros = tonumber(time[2])
  local id = string.format('%d-%d', tonumber(time[1]) * 1000 + math.floor(micros / 1000), (micros % 1000 + 1) * 1000000)
  redis.call('DEL', STREAM)
  return redis.call('XADD', STREAM, id, 'kind', 'reset', 'names', '[]')
end

local function append(length, ...)
  local id = redis.pcall('XADD', STREAM, 'NOMKSTREAM', 'MAXLEN', '~', string.format('%d', length), '*', ...)
  if type(id) == 'table' and id.err and not string.find(id.err, 'WRONGTYPE', 1, true) then
    error(id.err, 0)
  end
  if type(id) ~= 'string' then
    begin_stream()
    redis.call('XADD', STREAM, '*', ...)
  end
end

-- Whether it could be said here: false on a Redis Cluster, when the stream lies in another slot.
say = function(kind, names, version, committed)
  if #names == 0 then
    return true
  end
  local length = stream_length()
  if not length then
    return false
  end
  if length < 1 then
    return true
  end
  for from = 1, #names, NAMES_IN_RECORD do
    local portion = { unpack(names, from, math.min(#names, from + NAMES_IN_RECORD - 1)) }
    if version and version ~= '' then
      append(length, 'kind', kind, 'names', cjson.encode(portion), 'version', version, 'at', committed or '0')
    else
      append(length, 'kind', kind, 'names', cjson.encode(portion))
    end
  end
  return true
end

-- Says a key unless the call has changed nothing; answers the call's result.
say_key = function(value_key, result, version, committed)
  if result ~= 'older' and result ~= 'read' then
    say('keys', { value_key }, version, committed)
  end
  return result
end

-- tm_say('tags' or 'keys', name ...), key tm.{bumps}: 1. For a caller on a Redis Cluster, after the calls that made them stale.
redis.register_function{ function_name = 'tm_say', flags = { 'allow-oom' }, callback = function(_, args)
  if args[1] ~= 'tags' and args[1] ~= 'keys' then
    error("ERR tidemark: expected 'tags' or 'keys'", 0)
  end
  say(args[1], { unpack(args, 2) })
  return 1
end }

-- Whoever has read a record knows that nothing after it is missing as long as that record is there: the oldest go first.
local function follow(where, most)
  local length = stream_length()
  if length < 1 then
    return { 'off', '', 0, {} }
  end
  -- Nobody follows a data set without a life: this begins one.
  local life = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') .. ':' .. present()
  local id, there = string.match(where, '^(%S+) (%S+)$')
  if there == life then
    local found = redis.pcall('XRANGE', STREAM, id, '+', 'COUNT', most + 1)
    if not found.err and found[1] and found[1][1] == id then
      table.remove(found, 1)
      local last = #found > 0 and found[#found][1] or id
      return { 'on', last .. ' ' .. life, #found == most and 1 or 0, found }
    end
  end
  local newest = redis.pcall('XREVRANGE', STREAM, '+', '-', 'COUNT', 1)
  local last = not newest.err and newest[1] and newest[1][1] or begin_stream()
  return { 'reset', last .. ' ' .. life, 0, {} }
end

local function require_most(text)
  local most = tonumber(text)
  if not most or most < 1 or most > 1000 then
    error('ERR tidemark: expected to read from 1 to 1000 records in a call', 0)
  end
  return most
end

--[[
tm_follow(where or '', how many), key tm.{bumps}: { 'on', where, 1 or 0, { { id, { field, value ... } } ... } }

The records after a place, and the place to give the next time: "<id of a record> <life>". 1 says that there are more already.
'reset' in place of 'on' says that records may have been missed, because Redis was emptied, restarted or replaced, or the stream
was cut off: every copy is to be dropped. The first answer is one. 'off' says that no stream is kept. It is a writing function so
that no replica answers it.
]]
redis.register_function{ function_name = 'tm_follow', flags = { 'allow-oom' }, callback = function(_, args)
  return follow(args[1], require_most(args[2]))
end }

--[[
tm_forward(worker, for how long ms, where it is done up to or '', how many), key tm.{bumps}:
  { 'other', where, ms, {} }   somebody else does it for so long
  otherwise as tm_follow, from where it was done up to last

One forwarder at a time: what somebody says to have done whose time is over does not count, and is done again.
]]
redis.register_function{ function_name = 'tm_forward', flags = { 'allow-oom' }, callback = function(_, args)
  local worker, done, most = args[1], args[3], require_most(args[4])
  local by = redis.call('GET', FORWARDER)
  if by and by ~= worker then
    return { 'other', '', redis.call('PTTL', FORWARDER), {} }
  end
  if by and done ~= '' then
    redis.call('SET', FORWARDED, done)
  end
  redis.call('SET', FORWARDER, worker, 'PX', args[2])
  return follow(redis.call('GET', FORWARDED) or '', most)
end }

--[[ Sweeping ]]

--[[
tm_members(tag), key tm.tag:{<tag>}: { list, how many, ... }

The lists that hold members of the tag; a key may be in one twice, and may have lost the tag since.
]]
redis.register_function{ function_name = 'tm_members', flags = { 'no-writes' }, callback = function(_, args)
  local found = {}
  for _, list in ipairs(present_lists()) do
    local length = redis.pcall('LLEN', list_of(args[1], list))
    if type(length) == 'number' and length > 0 then
      found[#found + 1] = list
      found[#found + 1] = length
    end
  end
  return found
end }

-- Removes the entry if the tag has made it stale: removed | fresh (and still to be listed there) | gone.
local function sweep_one(value_key, tag, list, counter)
  local meta_key = meta_of(value_key)
  local text = redis.pcall('GET', meta_key)
  local meta = type(text) == 'string' and { text } or text and redis.pcall('HMGET', meta_key, 's', 'e', 'l', 'v') or {}
  if meta.err or not (meta[1] or meta[3] or meta[4]) then
    -- Redis has evicted the meta: what is left is no entry, and nobody else would ever remove it.
    return redis.call('DEL', value_key) == 1 and 'removed' or 'gone'
  end
  if not meta[1] then
    return 'gone'
  end
  local stamp, life_or_list, tags = parts_of(meta[1])
  if not tags or not holds(tags, tag) then
    return 'gone'
  end
  if stamp ~= NO_STAMP and covers(stamp, counter) then
    return list_it_is_in(meta_key, stamp, life_or_list) == list and 'fresh' or 'gone'
  end
  local holder = live_token(meta[3])
  remove_filled(value_key, meta_key, meta[1], meta[2], holder, tag)
  return 'removed'
end

-- Removes, all in one go, the entries of which the tag is the only one and which it has made stale; answers the other members.
local function sweep_plain(members, tag, counter)
  local meta_keys = {}
  for i = 1, #members do
    meta_keys[i] = meta_of(members[i])
  end
  local metas = redis.pcall('MGET', unpack(meta_keys))
  if metas.err then
    return members
  end
  local stale, left, is_stale = {}, {}, { [NO_STAMP] = true }
  local count = 0
  for i = 1, #members do
    local stamp, _, tags = parts_of(metas[i] or '')
    if tags == tag and is_stale[stamp] == nil then
      is_stale[stamp] = not covers(stamp, counter)
    end
    if tags == tag and is_stale[stamp] then
      stale[count + 1], stale[count + 2] = members[i], meta_keys[i]
      count = count + 2
    else
      left[#left + 1] = members[i]
    end
  end
  if count > 0 then
    redis.call('DEL', unpack(stale))
  end
  return left
end

-- Lets a list that began anew expire when the last of its members has, by its name.
local function expire_list(list_key, list)
  local level, bucket = string.match(list, '^(%d+):(%d+)$')
  redis.call('PEXPIREAT', list_key, string.format('%d', (tonumber(bucket) + 1) * 4 ^ tonumber(level) * 1000))
end

--[[
tm_sweep(tag, list, how many), key tm.tag:{<tag>}: { taken, removed }

Takes members from the head of one list and removes the entries that the tag has made stale; who is right goes to the end of
the list. For a single Redis.
]]
redis.register_function{ function_name = 'tm_sweep', flags = { 'allow-oom' }, callback = function(keys, args)
  local tag, list, most = args[1], args[2], tonumber(args[3])
  local list_key = list_of(tag, list)
  if not most or most < 1 or most > 1000 then
    error('ERR tidemark: expected to sweep from 1 to 1000 members in a call', 0)
  end
  local counter = redis.pcall('GET', keys[1])
  counter = type(counter) == 'string' and counter or nil
  local members = redis.pcall('LPOP', list_key, most)
  if not members or members.err then
    return { 0, 0 }
  end
  local answer, again = { #members, 0 }, {}
  local left = sweep_plain(members, tag, counter)
  answer[2] = #members - #left
  for i = 1, #left do
    local did = sweep_one(left[i], tag, list, counter)
    if did == 'removed' then
      answer[2] = answer[2] + 1
    elseif did == 'fresh' then
      again[#again + 1] = left[i]
    end
  end
  if #again > 0 then
    local ended = redis.call('EXISTS', list_key) == 0
    redis.call('RPUSH', list_key, unpack(again))
    if ended then
      expire_list(list_key, list)
    end
  end
  return answer
end }

--[[
The same on a Redis Cluster, where the members of a list lie in other slots than the list: tm_peek, then tm_sweep_key for each, then
tm_unlist. Whoever dies in between has lost nothing, as the members stay in the list to the end.

tm_peek(tag, list, how many), key tm.tag:{<tag>}: { counter or nil, member ... }
]]
redis.register_function{ function_name = 'tm_peek', flags = { 'no-writes' }, callback = function(keys, args)
  local counter = redis.pcall('GET', keys[1])
  local members = redis.pcall('LRANGE', list_of(args[1], args[2]), 0, tonumber(args[3]) - 1)
  if members.err then
    members = {}
  end
  table.insert(members, 1, type(counter) == 'string' and counter or false)
  return members
end }

--[[
tm_sweep_key(tag, list, counter or ''), keys of the entry: removed | fresh | gone | held

'held': somebody has a lease and may fill the entry with what the tag has made stale; it stays listed, and is to be swept again.
]]
redis.register_function{ function_name = 'tm_sweep_key', flags = { 'allow-oom' }, callback = function(keys, args)
  local holder = live_token(read_filled_meta(keys[2]).l)
  local did = sweep_one(keys[1], args[1], args[2], args[3] ~= '' and args[3] or nil)
  return holder and 'held' or did
end }

--[[
tm_unlist(tag, list, how many, first, last, member that stays ...), key tm.tag:{<tag>}: 1, or 0 when somebody else did it

Takes so many from the head of a list, if they are still those; who stays goes to the end.
]]
redis.register_function{ function_name = 'tm_unlist', flags = { 'allow-oom' }, callback = function(_, args)
  local list, count = args[2], tonumber(args[3])
  local list_key = list_of(args[1], list)
  if redis.call('LINDEX', list_key, 0) ~= args[4] or redis.call('LINDEX', list_key, count - 1) ~= args[5] then
    return 0
  end
  redis.call('LTRIM', list_key, count, -1)
  if #args > 5 then
    local ended = redis.call('EXISTS', list_key) == 0
    redis.call('RPUSH', list_key, unpack(args, 6))
    if ended then
      expire_list(list_key, list)
    end
  end
  return 1
end }

-- tm_swept(tag, number), key tm.{bumps}: 1 when the tag was not bumped again since that number and is no longer due.
redis.register_function{ function_name = 'tm_swept', flags = { 'allow-oom' }, callback = function(_, args)
  if redis.call('HGET', SWEEPS, args[1]) ~= args[2] then
    return 0
  end
  return redis.call('HDEL', SWEEPS, args[1])
end }

--[[
tm_tags(prefix, after, how many), key tm.{bumps}: { 1 or 0, tag ... }

The names of tags that begin with a prefix and come after another, in the order of their bytes; an entry that is right has no
other tags. Unless 0 says that Redis has forgotten some: then the counters say it, gone through with SCAN, and tm_tags_found.
]]
redis.register_function{ function_name = 'tm_tags', flags = { 'no-writes' }, callback = function(_, args)
  local prefix, after, most = args[1], args[2], tonumber(args[3])
  local from = after ~= '' and '(' .. after or '[' .. prefix
  local tags = redis.call('ZRANGEBYLEX', TAGS, from, '[' .. prefix .. '\255', 'LIMIT', 0, most)
  if tags[1] == '' then
    table.remove(tags, 1)
  end
  table.insert(tags, 1, redis.call('ZSCORE', TAGS, '') and 1 or 0)
  return tags
end }

-- tm_tags_found(1 or 0, tag ...), key tm.{bumps}: the tags that SCAN found; 1 with the last of them makes the list whole.
redis.register_function{ function_name = 'tm_tags_found', flags = { 'allow-oom' }, callback = function(_, args)
  for i = 2, #args do
    redis.call('ZADD', TAGS, 0, args[i])
  end
  if args[1] == '1' then
    redis.call('ZADD', TAGS, 0, '')
  end
  return #args - 1
end }

-- tm_tags_prune(after, how many), key tm.{bumps}: forgets tags that have no counter; answers the last tag looked at, '' at the end.
redis.register_function{ function_name = 'tm_tags_prune', flags = { 'allow-oom' }, callback = function(_, args)
  local tags = redis.call('ZRANGEBYLEX', TAGS, '(' .. args[1], '+', 'LIMIT', 0, tonumber(args[2]))
  for i = 1, #tags do
    if redis.pcall('EXISTS', counter_of(tags[i])) == 0 then
      redis.call('ZREM', TAGS, tags[i])
    end
  end
  return tags[#tags] or ''
end }

--[[
The same on a Redis Cluster. A name goes only if nobody made its counter anew since it was looked for.

tm_prune(token, after, how many), key tm.{bumps}: { tag ... }; tm_pruned(token, tag ... that has no counter): how many went
]]
redis.register_function{ function_name = 'tm_prune', flags = { 'allow-oom' }, callback = function(_, args)
  local tags = redis.call('ZRANGEBYLEX', TAGS, '(' .. args[2], '+', 'LIMIT', 0, tonumber(args[3]))
  for i = 1, #tags do
    redis.call('HSET', PRUNING, tags[i], args[1])
  end
  redis.call('PEXPIRE', PRUNING, 60000)
  return tags
end }

redis.register_function{ function_name = 'tm_pruned', flags = { 'allow-oom' }, callback = function(_, args)
  local gone = 0
  for i = 2, #args do
    if redis.call('HGET', PRUNING, args[i]) == args[1] then
      redis.call('HDEL', PRUNING, args[i])
      gone = gone + redis.call('ZREM', TAGS, args[i])
    end
  end
  return gone
end }

--[[ What cache-writer remembers of rows ]]

-- tm_recall(), keys of rows: what is remembered of each, nil for nothing.
redis.register_function{ function_name = 'tm_recall', flags = { 'no-writes' }, callback = function(keys)
  local answer = {}
  for i = 1, #keys do
    local text = redis.pcall('HGET', keys[i], 't')
    answer[i] = type(text) == 'string' and text or false
  end
  return answer
end }

-- tm_remember(for each row: version, ttl ms or 0, text), keys of rows: how many were not older than what is remembered.
redis.register_function('tm_remember', function(keys, args)
  local written = 0
  for i = 1, #keys do
    local version, ttl, text = args[3 * i - 2], tonumber(args[3 * i - 1]), args[3 * i]
    require_version(version)
    local before = read_meta(keys[i], 'v')[1]
    if not before or version >= before then
      redis.call('HSET', keys[i], 'v', version, 't', text)
      if ttl > 0 then
        redis.call('PEXPIRE', keys[i], ttl)
      else
        redis.call('PERSIST', keys[i])
      end
      written = written + 1
    end
  end
  return written
end)


--[[ What is due to be read from the database again ]]

--[[
For each cache that is read from the database, in one slot:
  tm.due:{<cache>}      sorted set: what is due, by when (Unix milliseconds)
  tm.due:{<cache>}:n    hash: how often each was marked
  tm.due:{<cache>}:by   who works on it, expires

Marks outlive whoever made them: a mark goes only when what it stands for was read after it was made.
]]

--[[
tm_due('first', 'last' or 'later', wait ms, member ...), key tm.due:{<cache>}: how many are due in all.

'first': due after the wait; marked once more, it stays due when it was. 'last': the wait begins anew. 'later': no new mark,
whoever is due has to wait.
]]
redis.register_function('tm_due', function(keys, args)
  local manner, due = args[1], string.format('%d', now_millis() + tonumber(args[2]))
  for i = 3, #args do
    if manner == 'later' then
      redis.call('ZADD', keys[1], 'XX', due, args[i])
    else
      if manner == 'first' then
        redis.call('ZADD', keys[1], 'NX', due, args[i])
      else
        redis.call('ZADD', keys[1], due, args[i])
      end
      redis.call('HINCRBY', keys[1] .. ':n', args[i], 1)
    end
  end
  return redis.call('ZCARD', keys[1])
end)

--[[
tm_due_take(worker, for how long ms, how many), key tm.due:{<cache>}:
  { 'other', how many are due, ms }             somebody else works on it for so long
  { 'yours', how many are due, ms till the next is or -1, member, times ... }
]]
redis.register_function('tm_due_take', function(keys, args)
  local due_key, by_key = keys[1], keys[1] .. ':by'
  local count = redis.call('ZCARD', due_key)
  local by = redis.call('GET', by_key)
  if by and by ~= args[1] then
    return { 'other', count, redis.call('PTTL', by_key) }
  end
  if count == 0 then
    return { 'yours', 0, -1 }
  end
  local now = now_millis()
  local members = redis.call('ZRANGEBYSCORE', due_key, '-inf', string.format('%d', now), 'LIMIT', 0, args[3])
  if #members > 0 then
    redis.call('SET', by_key, args[1], 'PX', args[2])
  end
  local first = redis.call('ZRANGE', due_key, 0, 0, 'WITHSCORES')
  local answer = { 'yours', count, math.max(0, math.floor(tonumber(first[2]) - now)) }
  for _, member in ipairs(members) do
    answer[#answer + 1] = member
    answer[#answer + 1] = redis.call('HGET', due_key .. ':n', member) or '0'
  end
  return answer
end)

-- tm_due_done(member, times ...): how many are no longer due, because they were not marked again since they were taken.
redis.register_function{ function_name = 'tm_due_done', flags = { 'allow-oom' }, callback = function(keys, args)
  local counts_key, done = keys[1] .. ':n', 0
  for i = 1, #args, 2 do
    if (redis.call('HGET', counts_key, args[i]) or '0') == args[i + 1] then
      redis.call('HDEL', counts_key, args[i])
      done = done + redis.call('ZREM', keys[1], args[i])
    end
  end
  return done
end }

--[[
tm_names(version or '', ttl ms or 0, names with line breaks between), key tm.names:{<cache>:<table>:<row>}: kept | added | older

What a row names in a cache, so that a change that takes a name away still knows it. By a version what it named before is
forgotten, once that was marked; without one names are added.
]]
redis.register_function('tm_names', function(keys, args)
  local version, ttl, names = args[1], tonumber(args[2]), args[3]
  local known = read_meta(keys[1], 'v', 'n')
  if version ~= '' and known[1] and version <= known[1] then
    return 'older'
  end
  if version ~= '' then
    redis.call('HSET', keys[1], 'v', version, 'n', names)
    if ttl > 0 then
      redis.call('PEXPIRE', keys[1], ttl)
    else
      redis.call('PERSIST', keys[1])
    end
    return 'kept'
  end
  local all = '\n' .. (known[2] or '') .. '\n'
  for name in string.gmatch(names, '[^\n]+') do
    if not string.find(all, '\n' .. name .. '\n', 1, true) then
      all = all .. name .. '\n'
    end
  end
  all = string.gsub(string.gsub(all, '^\n+', ''), '\n+$', '')
  redis.call('HSET', keys[1], 'n', all)
  redis.call('PERSIST', keys[1])
  return 'added'
end)

--[[
tm_index(token, [score or '', member] ...), keys of the sorted set and its meta: filled | refused

Ends a lease of a sorted set with the scores of members; without a score a member goes.
]]
redis.register_function('tm_index', function(keys, args)
  local index_key, meta_key = keys[1], keys[2]
  if live_token(read_meta(meta_key, 'l')[1]) ~= args[1] then
    return 'refused'
  end
  redis.call('HDEL', meta_key, 'l')
  local kind = redis.call('TYPE', index_key).ok
  if kind ~= 'zset' and kind ~= 'none' then
    redis.call('DEL', index_key)
  end
  for i = 2, #args, 2 do
    if args[i] == '' then
      redis.call('ZREM', index_key, args[i + 1])
    else
      redis.call('ZADD', index_key, args[i], args[i + 1])
    end
  end
  return say_key(index_key, 'filled')
end)

--[[
tm_look(), keys of an entry: { type of the value's key, value or nil, bytes in Redis, ttl, ttl of the meta, now, meta }
The value of a string is a text, that of a hash a list as tm_get gives it.

All that can be said of one entry, at one moment, for whoever wants to explain it. Times are in milliseconds; the meta is a
list of fields and their values. Promises nothing about the value: it may be stale.
]]
redis.register_function{ function_name = 'tm_look', flags = { 'no-writes' }, callback = function(keys)
  local kind = redis.call('TYPE', keys[1]).ok
  local meta = redis.pcall('HGETALL', keys[2])
  if meta.err then
    local text = redis.pcall('GET', keys[2])
    meta = type(text) == 'string' and { 's', text } or {}
  end
  local value = kind == 'string' and redis.call('GET', keys[1]) or kind == 'hash' and read_hash(keys[1])
  return { kind, value, redis.call('MEMORY', 'USAGE', keys[1]) or 0,
    redis.call('PTTL', keys[1]), redis.call('PTTL', keys[2]), string.format('%d', now_millis()), meta }
end }

-- tm_library(): the version of this library.
redis.register_function{ function_name = 'tm_library', flags = { 'no-writes' }, callback = function()
  return LIBRARY_VERSION
end }
