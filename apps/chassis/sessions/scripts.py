"""The Lua that Redis runs for sessions: each script is one atomic step.

A session is a hash: its fields as JSON text, `@owner`, `@expires` (seconds), and `@ended` once its id was replaced.
A load is a plain HGETALL, which costs the server a tenth of a script.
"""

from apps.chassis.redis import Script

_TOOLS = """
local function as_table(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function all_of(name)
  local flat = redis.pcall('HGETALL', name)
  return flat.err and {} or as_table(flat)
end

local function index(owner, key, expires, now, life)
  local name = 'sessions-of:' .. owner
  redis.call('ZREMRANGEBYSCORE', name, '-inf', now)
  redis.call('ZADD', name, expires, key)
  redis.call('PEXPIRE', name, life)
end
"""

# KEYS: the session. Reply: the fields and values of the session, and those that its owner shares.
LOAD = Script(
    """#!lua flags=no-writes
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  if flat[i] == '@owner' then return {flat, redis.call('HGETALL', 'shared-of:' .. flat[i + 1])} end
end
return {flat, {}}
"""
)

# KEYS: the session. ARGV: now, new expiry, life in ms, life of what is shared in ms.
# Reply: 1, or 0 if it has ended meanwhile and must not come back.
RENEW = Script(
    "#!lua flags=allow-oom"
    + _TOOLS
    + """
local key, now, expires, life = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local fields = all_of(key)
if not fields['@expires'] or fields['@ended'] then return 0 end
redis.call('HSET', key, '@expires', expires)
redis.call('PEXPIRE', key, life)
local owner = fields['@owner']
if owner then
  index(owner, key, expires, now, life)
  redis.call('PEXPIRE', 'shared-of:' .. owner, ARGV[4])
end
return 1
"""
)

# KEYS: the session, the name for a new one. ARGV: operations as JSON, now, new expiry, life in ms, renew what expires
# before, life of what has ended in ms, rotate, loaded, most bytes, whose shared record changes, operations on it as
# JSON, what is handed over to it as JSON, life of what is shared in ms.
# Reply: {"ended"}, {"large"}, {"none"} or {"saved", the session's name now, renewed, its fields, the shared fields}.
SAVE = Script(
    "#!lua"
    + _TOOLS
    + """
local key, fresh = KEYS[1], KEYS[2]
local operations, now, expires, life, renew_before = cjson.decode(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local ended_life, rotate, loaded, most_bytes = ARGV[6], ARGV[7] == '1', ARGV[8] == '1', tonumber(ARGV[9])
local meant_for, shared_operations, hand_over = ARGV[10], cjson.decode(ARGV[11]), cjson.decode(ARGV[12])
local shared_life = ARGV[13]

local before = all_of(key)
local exists = before['@expires'] and not before['@ended']
if before['@ended'] or (loaded and not exists) then return {'ended'} end
if not exists then before = {} end

local function copy(fields)
  local twin = {}
  for name, value in pairs(fields) do twin[name] = value end
  return twin
end
local function bytes(fields)
  local sum = 0
  for name, value in pairs(fields) do sum = sum + #name + #value end
  return sum
end
local function count(fields, name)
  local value = fields[name]
  return value and string.find(value, '^-?%d+$') and tonumber(value) or 0
end
local function set_count(fields, name, number)
  number = math.min(number, 9007199254740991)
  fields[name] = number > 0 and string.format('%.0f', number) or nil
end
local apply = {
  put = function(fields, name, text) fields[name] = text end,
  keep = function(fields, name, text) fields[name] = fields[name] or text end,
  drop = function(fields, name) fields[name] = nil end,
  add = function(fields, name, amount, maximum)
    set_count(fields, name, math.min(count(fields, name) + amount, maximum))
  end,
  move_on = function(fields, name, expected, subtract)
    if count(fields, name) ~= expected then return end
    set_count(fields, name, expected + 1)
    for _, each in ipairs(subtract) do set_count(fields, each[1], count(fields, each[1]) - each[2]) end
  end,
}
local function evolve(fields, list)
  for _, each in ipairs(list) do apply[each[1]](fields, each[2], each[3], each[4]) end
end
local function begin_with(fields, prefix)
  local names = {}
  for name in pairs(fields) do
    if string.sub(name, 1, #prefix) == prefix then table.insert(names, name) end
  end
  table.sort(names)
  return names
end
local function give(from, to, prefix, maximum, most, note)
  local names, kinds = begin_with(from, prefix), #begin_with(to, prefix)
  local moved, left = {}, {}
  for _, name in ipairs(names) do
    local wanted, had, fits = count(from, name), count(to, name), 0
    if to[name] or kinds < most then fits = math.max(0, math.min(wanted, maximum - had)) end
    if not to[name] and fits > 0 then kinds = kinds + 1 end
    set_count(to, name, had + fits)
    if fits > 0 then moved[name] = fits end
    if wanted > fits then left[name] = wanted - fits end
    from[name] = nil
  end
  if #names > 0 then from[note] = cjson.encode({moved = moved, left = left}) end
end
local function store(name, was, is)
  for field in pairs(was) do if is[field] == nil then redis.call('HDEL', name, field) end end
  for field, value in pairs(is) do if was[field] ~= value then redis.call('HSET', name, field, value) end end
end

local fields = copy(before)
evolve(fields, operations)
if not exists and next(fields) == nil then return {'none'} end
local owner, owner_before = fields['@owner'], before['@owner']
if meant_for ~= '' and owner ~= meant_for then return {'ended'} end
local shared_name = owner and 'shared-of:' .. owner
local shared_before = owner and all_of(shared_name) or {}
local shared = copy(shared_before)
if #hand_over > 0 then give(fields, shared, unpack(hand_over)) end
evolve(shared, shared_operations)
if bytes(fields) > most_bytes or bytes(shared) > most_bytes then return {'large'} end

local moves = exists and rotate
local target = exists and not rotate and key or fresh
local renewed = not exists or rotate or (tonumber(before['@expires']) or 0) < renew_before
if renewed then fields['@expires'] = expires end
if moves then redis.call('RENAME', key, fresh) end
store(target, before, fields)
if renewed then redis.call('PEXPIRE', target, life) end
if moves then
  redis.call('HSET', key, '@ended', '1')
  redis.call('PEXPIRE', key, ended_life)
end
if owner_before and (moves or owner ~= owner_before) then redis.call('ZREM', 'sessions-of:' .. owner_before, key) end
if owner and (renewed or owner ~= owner_before) then index(owner, target, fields['@expires'], now, life) end
if owner then
  store(shared_name, shared_before, shared)
  if renewed or meant_for ~= '' then redis.call('PEXPIRE', shared_name, shared_life) end
end
local shared_now = owner and redis.call('HGETALL', shared_name) or {}
return {'saved', target, renewed and 1 or 0, redis.call('HGETALL', target), shared_now}
"""
)

# KEYS: the session.
DELETE = Script(
    """#!lua
local owner = redis.pcall('HGET', KEYS[1], '@owner')
if type(owner) == 'string' then redis.call('ZREM', 'sessions-of:' .. owner, KEYS[1]) end
return redis.call('DEL', KEYS[1])
"""
)

# KEYS: the index of one owner, and, if that is to go as well, what the owner shares.
REVOKE = Script(
    """#!lua
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('DEL', key) end
return redis.call('DEL', unpack(KEYS))
"""
)
