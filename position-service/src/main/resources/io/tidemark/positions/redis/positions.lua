#!lua name=tidemark_positions
--[[
Sync positions of Tidemark, as functions of Redis 7 and later.

A store's position is one hash, tm:position:{<store>}, that any program may read with HGETALL or HGET <key> page. Only
these functions write it, so that no lower position ever replaces a higher one, whatever order the writers come in.
Every function may be sent twice: the second time it changes nothing.

The order of two positions is that of generation, last_id, certainty, revision and page, compared in this order. Each is
padded to a fixed width and compared as text: Redis's numbers are doubles and cannot hold every id.
]]

-- Raised with every change that a caller or another version of this library could notice.
local LIBRARY_VERSION = 1

local CERTAINTY = { CALCULATED = '0', REPLAYED = '1', RECORDED = '2' }
local GENERATION_WIDTH = 10
local ID_WIDTH = 19
local REVISION_WIDTH = 10
local PAGE_WIDTH = 19

-- The digits padded to that width, or nil when they are none.
local function padded(digits, width)
  if type(digits) ~= 'string' or not string.match(digits, '^%d+$') or #digits > width then
    return nil
  end
  return string.rep('0', width - #digits) .. digits
end

-- The order of a position as one text, or nil when its fields are no position's.
local function rank_of(fields)
  local generation = padded(fields.generation, GENERATION_WIDTH)
  local last_id = padded(fields.last_id, ID_WIDTH)
  local certainty = CERTAINTY[fields.certainty or '']
  local revision = padded(fields.revision, REVISION_WIDTH)
  local page = padded(fields.page, PAGE_WIDTH)
  if not (generation and last_id and certainty and revision and page) then
    return nil
  end
  return table.concat({ generation, last_id, certainty, revision, page }, '-')
end

local function as_fields(list)
  local fields = {}
  for i = 1, #list, 2 do
    fields[list[i]] = list[i + 1]
  end
  return fields
end

-- The rank of what is held under the key. These keys are ours alone: something else found there gives way.
local function held_rank(key)
  local held = redis.pcall('HGETALL', key)
  if held.err then
    if not string.find(held.err, 'WRONGTYPE', 1, true) then
      error(held.err, 0)
    end
    redis.call('DEL', key)
    return nil
  end
  return rank_of(as_fields(held))
end

--[[
KEYS  1 the store's position
ARGV  field, value, field, value, … : the whole position
Answers written, same (that very place was held; its other fields are renewed) or lower (what is held stays).
]]
local function put(keys, args)
  local wanted = rank_of(as_fields(args))
  if not wanted then
    error('ERR tidemark_positions: expected generation, last_id, certainty, revision and page', 0)
  end
  local held = held_rank(keys[1])
  if held and held > wanted then
    return 'lower'
  end
  redis.call('DEL', keys[1])
  redis.call('HSET', keys[1], unpack(args))
  return held == wanted and 'same' or 'written'
end

--[[
KEYS  1 the incarnation: present as long as this life of the data set lasts
ARGV  1 what to name it when it has no name
Answers its name.
]]
local function incarnation(keys, args)
  redis.call('SET', keys[1], args[1], 'NX')
  return redis.call('GET', keys[1])
end

redis.register_function('tm_position_put', put)
redis.register_function('tm_positions_incarnation', incarnation)
redis.register_function {
  function_name = 'tm_positions_library',
  callback = function()
    return LIBRARY_VERSION
  end,
  flags = { 'no-writes' },
}
