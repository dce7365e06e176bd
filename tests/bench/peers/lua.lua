-- The work through Lua's C interface (lua lua.lua c FOLDER) or LuaJIT's FFI (luajit lua.lua ffi FOLDER).
local kind, folder = arg[1], arg[2]
local f, cell, now = {}, nil, nil

if kind == "c" then
  package.cpath = folder .. "/?.so"
  f = require("peer")
  cell, now = f.new_cell(1), f.now
else
  local ffi = require("ffi")
  ffi.cdef [[
    void work_nothing(void);
    double work_one(double);
    double work_two(double, double);
    double work_six(double, double, double, double, double, double);
    unsigned work_take(const char*);
    const char* work_give(void);
    const char* work_give_new(void);
    double work_sum(const double*, size_t);
    double work_steps(double (*)(double), unsigned);
    typedef struct { long sec, nsec; } timespec;
    int clock_gettime(int, timespec*);
  ]]
  local work = ffi.load(folder .. "/libwork.so")
  local time, items = ffi.new("timespec"), ffi.new("double[100]")
  now = function()
    ffi.C.clock_gettime(1, time)
    return tonumber(time.sec) * 1e9 + tonumber(time.nsec)
  end
  local step = ffi.cast("double (*)(double)", function(x) return x + 1 end)
  f = {
    nothing = work.work_nothing, one = work.work_one, two = work.work_two, six = work.work_six,
    take = work.work_take,
    give = function() return ffi.string(work.work_give()) end,
    give_new = function() return ffi.string(work.work_give_new()) end,
    sum = function(list)
      for i = 1, #list do items[i - 1] = list[i] end
      return work.work_sum(items, #list)
    end,
    total = function(list) return work.work_sum(list, 100) end,
    floats = ffi.new("double[100]"),
    steps = function(_, count) return work.work_steps(step, count) end,
  }
  for i = 0, 99 do f.floats[i] = i + 0.5 end
end

local text, list = string.rep("a", 16), {}
for i = 1, 100 do list[i] = i - 0.5 end
local function increment(x) return x + 1 end
local nothing, one, two, six, take, give, total, steps = f.nothing, f.one, f.two, f.six, f.take, f.give, f.sum, f.steps
local give_new = f.give_new

-- What bench.js does with the same names; each returns its sum.
local cases = {
  {"no argument", function(n) local sum = 0; for i = 0, n - 1 do nothing(); sum = sum + i end return sum end},
  {"1 double", function(n) local sum = 0; for i = 0, n - 1 do sum = sum + one(i + 0.5) end return sum end},
  {"2 doubles", function(n) local sum = 0; for i = 0, n - 1 do sum = sum + two(i + 0.5, 2) end return sum end},
  {"6 doubles", function(n)
    local sum = 0
    for i = 0, n - 1 do sum = sum + six(i + 0.5, 2, 3, 4, 5, 6) end
    return sum
  end},
  {"string in, 16 B", function(n) local sum = 0; for _ = 1, n do sum = sum + take(text) end return sum end},
  {"string out, 16 B", function(n) local sum = 0; for _ = 1, n do sum = sum + #give() end return sum end},
  {"string out, 16 B, never the same", function(n)
    local sum = 0
    for _ = 1, n do sum = sum + #give_new() end
    return sum
  end},
  {"sequence of 100 doubles in", function(n) local sum = 0; for _ = 1, n do sum = sum + total(list) end return sum end},
  {"callback from C", function(n)
    local sum = 0
    for _ = 1, n do sum = sum + steps(increment, 100) end
    return sum
  end, 100},
}
local function add(name, loop) table.insert(cases, {name, loop}) end
if kind == "c" then
  local eight, make_pair, values, fail, new_cell = f.eight, f.make_pair, f.values, f.fail, f.new_cell
  add("dictionary of 8 in", function(n)
    local sum = 0
    for i = 0, n - 1 do sum = sum + eight({a = i, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8}) end
    return sum
  end)
  add("dictionary of 2 out", function(n)
    local sum = 0
    for i = 0, n - 1 do sum = sum + make_pair(i, 2).b end
    return sum
  end)
  add("sequence of 100 doubles out", function(n)
    local sum = 0
    for _ = 1, n do sum = sum + #values() end
    return sum
  end)
  add("method", function(n) local sum = 0; for _ = 1, n do sum = sum + cell:add(2) end return sum end)
  add("new and finalize", function(n)
    local sum, last = 0, nil
    for i = 0, n - 1 do
      last = new_cell(i)
      sum = sum + i
    end
    return sum
  end)
  add("exception thrown and caught", function(n)
    local sum = 0
    for _ = 1, n do
      local _, message = pcall(fail)
      sum = sum + #message
    end
    return sum
  end)
else
  local sum_of, floats = f.total, f.floats
  add("Float64Array of 100 in", function(n) local sum = 0; for _ = 1, n do sum = sum + sum_of(floats) end return sum end)
end

local function time(loop, n)
  local start = now()
  loop(n)
  return now() - start
end

for _, case in ipairs(cases) do
  local n, times, sum = 1, {}, case[2](100)
  while time(case[2], n) < 2e6 do n = n * 2 end
  for i = 1, 9 do times[i] = time(case[2], n) / n end
  table.sort(times)
  print(case[1] .. "\t" .. times[5] / (case[3] or 1) .. "\t" .. sum)
end
