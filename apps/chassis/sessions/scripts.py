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

local function index(owner, key, expires, now, life)
  local name = 'sessions-of:' .. owner
  redis.call('ZREMRANGEBYSCORE', name, '-inf', now)
  redis.call('ZADD', name, expires, key)
  redis.call('PEXPIRE', name, life)
end
"""

# KEYS: the session. ARGV: now, new expiry, life in ms.
# Reply: 1, or 0 if it has ended meanwhile and must not come back.
RENEW = Script(
    "#!lua flags=allow-oom"
    + _TOOLS
    + """
local key, now, expires, life = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local fields = as_table(redis.call('HGETALL', key))
if not fields['@expires'] or fields['@ended'] then return 0 end
redis.call('HSET', key, '@expires', expires)
redis.call('PEXPIRE', key, life)
if fields['@owner'] then index(fields['@owner'], key, expires, now, life) end
return 1
"""
)

# KEYS: the session, the name for a new one. ARGV: operations as JSON, now, new expiry, life in ms, renew what expires
# before, life of what has ended in ms, rotate, loaded, most bytes.
# Reply: {"ended"}, {"large"}, {"none"} or {"saved", the session's name now, renewed, fields and values}.
SAVE = Script(
    "#!lua"
    + _TOOLS
    + """
local key, fresh = KEYS[1], KEYS[2]
local operations, now, expires, life, renew_before = cjson.decode(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local ended_life, rotate, loaded, most_bytes = ARGV[6], ARGV[7] == '1', ARGV[8] == '1', tonumber(ARGV[9])

local flat = redis.pcall('HGETALL', key)
local before = flat.err and {} or as_table(flat)
local exists = before['@expires'] and not before['@ended']
if before['@ended'] or (loaded and not exists) then return {'ended'} end
local fields = {}
if exists then for name, value in pairs(before) do fields[name] = value end else before = {} end

local function count(name)
  local value = fields[name]
  return value and string.find(value, '^-?%d+$') and tonumber(value) or 0
end
local function set_count(name, number)
  number = math.min(number, 9007199254740991)
  fields[name] = number > 0 and string.format('%.0f', number) or nil
end
local apply = {
  put = function(name, text) fields[name] = text end,
  drop = function(name) fields[name] = nil end,
  add = function(name, amount, maximum) set_count(name, math.min(count(name) + amount, maximum)) end,
  move_on = function(name, expected, subtract)
    if count(name) ~= expected then return end
    set_count(name, expected + 1)
    for _, each in ipairs(subtract) do set_count(each[1], count(each[1]) - each[2]) end
  end,
}
for _, operation in ipairs(operations) do apply[operation[1]](operation[2], operation[3], operation[4]) end

if not exists and next(fields) == nil then return {'none'} end
local bytes = 0
for name, value in pairs(fields) do bytes = bytes + #name + #value end
if bytes > most_bytes then return {'large'} end

local moves = exists and rotate
local target = exists and not rotate and key or fresh
local renewed = not exists or rotate or (tonumber(before['@expires']) or 0) < renew_before
if renewed then fields['@expires'] = expires end
if moves then redis.call('RENAME', key, fresh) end
for name in pairs(before) do if fields[name] == nil then redis.call('HDEL', target, name) end end
for name, value in pairs(fields) do if before[name] ~= value then redis.call('HSET', target, name, value) end end
if renewed then redis.call('PEXPIRE', target, life) end
if moves then
  redis.call('HSET', key, '@ended', '1')
  redis.call('PEXPIRE', key, ended_life)
end
local owner, owner_before = fields['@owner'], before['@owner']
if owner_before and (moves or owner ~= owner_before) then redis.call('ZREM', 'sessions-of:' .. owner_before, key) end
if owner and (renewed or owner ~= owner_before) then index(owner, target, fields['@expires'], now, life) end
return {'saved', target, renewed and 1 or 0, redis.call('HGETALL', target)}
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

# KEYS: the index of one owner.
REVOKE = Script(
    """#!lua
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('DEL', key) end
return redis.call('DEL', KEYS[1])
"""
)
