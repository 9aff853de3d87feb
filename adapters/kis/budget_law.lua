-- One budget for many processes, on a clock they share: budget_law.py, pace.py, line.py.
-- KEYS[1] the state. ARGV: rate, name, priority (-1: take nothing), refusals, clock.
-- Answers {microseconds to wait or 0, share of the rate in millionths, processes seen}.

local WINDOW, REPEAT_WITHIN, REPEATED, REPEATED_SHARE = 1.05, 2.0, 3, 0.12
local STOP, LOWER, FLOOR, STEP, STEP_AFTER, STEP_AFTER_AT_MOST = 1.0, 0.8, 0.2, 0.1, 5.0, 60.0
local LONG_AGO, GRACE, GRACED, BACKWARDS, LINGER = -1e9, 1 / 8, 4, 1.0, 1.0
local SEEN, KEPT = 30.0, 86400000

local configured, name = tonumber(ARGV[1]), ARGV[2]
local priority, refusals = tonumber(ARGV[3]), tonumber(ARGV[4])
local asked = tonumber(ARGV[5])
if asked < 0 then -- the usual case: Redis's own clock, the one that all replicas share
  local time = redis.call('TIME')
  asked = tonumber(time[1]) + tonumber(time[2]) / 1000000
end

local function fresh()
  return {
    at = asked, share = 1.0, next = LONG_AGO, paused = LONG_AGO, stopped = LONG_AGO,
    stepped = LONG_AGO, step_after = STEP_AFTER, lowerings = 0,
    grants = {}, refusals = {}, tickets = 0, waiting = {}, seen = {},
  }
end

local s

local function slots_of(rate)
  return math.max(1, math.floor(rate))
end

local function keep(times, now, most)
  most = math.max(most, #times)
  times[#times + 1] = now
  while #times > most do table.remove(times, 1) end
end

local function assume_spent(now, gap)
  local slots = slots_of(configured)
  s.grants = {}
  for back = slots - 1, 0, -1 do s.grants[#s.grants + 1] = now - gap * back end
  s.next = now + 1 / (configured * s.share)
end

local function free_at(now)
  while s.share < 1.0 and now - s.stepped >= s.step_after do
    s.stepped = s.stepped + s.step_after
    s.share = math.min(1.0, s.share + STEP)
  end
  if s.share == 1.0 then s.lowerings = 0 end
  local rate = configured * s.share
  local held = math.max(s.next, s.paused, s.stopped)
  local slots = slots_of(rate)
  if #s.grants >= slots then
    local window = WINDOW * math.max(1.0, slots / rate)
    held = math.max(held, s.grants[#s.grants - slots + 1] + window)
  end
  return held
end

local function grant(now)
  local gap = 1 / (configured * s.share)
  s.next = math.max(s.next + gap, now + gap / 2)
  keep(s.grants, now, slots_of(configured))
end

local function refuse(now)
  if now < s.stopped then return end
  keep(s.refusals, now, slots_of(configured) + REPEATED)
  local rate, recent = configured * s.share, 0
  for _, at in ipairs(s.refusals) do
    if now - at <= REPEAT_WITHIN then recent = recent + 1 end
  end
  if recent < math.max(REPEATED, REPEATED_SHARE * REPEAT_WITHIN * rate) then
    s.paused = now + 2 * recent / rate
    return
  end
  s.refusals = {}
  s.stopped = now + STOP
  s.stepped = s.stopped
  s.share = math.max(FLOOR, s.share * LOWER)
  s.step_after = math.min(STEP_AFTER * 1.5 ^ s.lowerings, STEP_AFTER_AT_MOST)
  s.lowerings = s.lowerings + 1
end

local function join(now)
  for one, its in pairs(s.waiting) do
    if its.till < now then s.waiting[one] = nil end
  end
  local mine = s.waiting[name]
  if not mine or mine.priority ~= priority then
    s.tickets = s.tickets + 1
    mine = { priority = priority, ticket = s.tickets, till = now }
    s.waiting[name] = mine
  end
  local ahead = 0
  for _, its in pairs(s.waiting) do
    if its.priority < priority
      or (its.priority == priority and its.ticket < mine.ticket) then
      ahead = ahead + 1
    end
  end
  return ahead
end

local function take(now)
  local free = free_at(now)
  local turn = free + math.min(join(now), GRACED) * GRACE / (configured * s.share)
  if turn <= now then
    grant(now)
    s.waiting[name] = nil
    return 0
  end
  s.waiting[name].till = turn + LINGER
  return math.ceil((turn - asked) * 1000000)
end

local packed = redis.call('GET', KEYS[1])
local readable = false
if packed then
  readable, s = pcall(cmsgpack.unpack, packed)
  readable = readable and type(s) == 'table' and type(s.at) == 'number'
end
if not readable then -- the first of all, or a Redis that was emptied under load
  s = fresh()
  assume_spent(asked, 1 / configured)
elseif asked < s.at - BACKWARDS then
  local seen = s.seen
  s = fresh()
  s.seen = seen
  assume_spent(asked, 0.0)
end
local now = math.max(s.at, asked)
s.at = now

s.seen[name] = now
local processes = 0
for one, at in pairs(s.seen) do
  if at < now - SEEN or at > now then s.seen[one] = nil else processes = processes + 1 end
end

for _ = 1, refusals do refuse(now) end
free_at(now)
local wait = 0
if priority >= 0 then wait = take(now) end
redis.call('SET', KEYS[1], cmsgpack.pack(s), 'PX', KEPT)
return { wait, math.floor(s.share * 1000000 + 0.5), processes }
