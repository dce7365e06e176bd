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
    sum = function(list)
      for i = 1, #list do items[i - 1] = list[i] end
      return work.work_sum(items, #list)
    end,
    steps = function(_, count) return work.work_steps(step, count) end,
  }
end

local sum, text, list = 0, string.rep("a", 16), {}
for i = 1, 100 do list[i] = i - 0.5 end
local function increment(x) return x + 1 end
local nothing, one, two, six, take, give, total, steps = f.nothing, f.one, f.two, f.six, f.take, f.give, f.sum, f.steps

local cases = {
  {"no argument", function(n) for _ = 1, n do nothing() end end},
  {"1 double", function(n) for i = 1, n do sum = sum + one(i + 0.5) end end},
  {"2 doubles", function(n) for i = 1, n do sum = sum + two(i + 0.5, 2) end end},
  {"6 doubles", function(n) for i = 1, n do sum = sum + six(i + 0.5, 2, 3, 4, 5, 6) end end},
  {"string in, 16 B", function(n) for _ = 1, n do sum = sum + take(text) end end},
  {"string out, 16 B", function(n) for _ = 1, n do sum = sum + #give() end end},
  {"sequence of 100 doubles in", function(n) for _ = 1, n do sum = sum + total(list) end end},
  {"callback from C", function(n) for _ = 1, n do sum = sum + steps(increment, 100) end end, 100},
}
if kind == "c" then
  table.insert(cases, {"method", function(n) for _ = 1, n do sum = sum + cell:add(2) end end})
  table.insert(cases, {"new and finalize", function(n) for i = 1, n do cell = f.new_cell(i) end end})
  table.insert(cases, {"exception thrown and caught", function(n) for _ = 1, n do pcall(f.fail) end end})
end

local function time(loop, n)
  local start = now()
  loop(n)
  return now() - start
end

for _, case in ipairs(cases) do
  local n, times = 1, {}
  while time(case[2], n) < 2e6 do n = n * 2 end
  for i = 1, 9 do times[i] = time(case[2], n) / n end
  table.sort(times)
  print(case[1] .. "\t" .. times[5] / (case[3] or 1))
end
