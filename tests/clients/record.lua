-- SPDX-License-Identifier: Apache-2.0
-- Stands between a client and a language server and writes down what they say, shortened:
-- `nvim --clean -n -i NONE -l record.lua FILE TITLE PROGRAM [ARGUMENT…]`. The bytes pass unchanged,
-- and its exit code is that of the program.

--- Messages of one kind that are written out, and the longest line.
local MOST, WIDTH, MOST_LINES = 5, 170, 140

local file, title = _G.arg[1], _G.arg[2]
local program = vim.list_slice(_G.arg, 3)
local uv = vim.uv
local folder = vim.env.CHATVIM_CLIENT_FOLDER
local lines, counts, omitted, methods = {}, {}, {}, {}

--- Replaces what differs from run to run.
local function settle(text)
  text = folder and text:gsub(vim.pesc(folder), "/home/me") or text
  return (text:gsub("127%.0%.0%.1:%d+", "127.0.0.1:PORT"):gsub('"processId":%d+', '"processId":1'))
end

--- Returns a message as one line: its method, its id, and the start of its contents.
local function line_of(arrow, message, kind)
  local content = message.params or message.result or message.error
  local id = message.id ~= nil and (" #%s"):format(message.id) or ""
  local encoded = content == nil and "" or settle(vim.json.encode(content):gsub("\\/", "/"))
  local head = ("%s %s%s %s"):format(arrow, kind, id, message.error and "error " or "")
  local rest = WIDTH - vim.fn.strchars(head)
  if vim.fn.strchars(encoded) > rest then
    encoded = vim.fn.strcharpart(encoded, 0, rest - 2) .. " …"
  end
  return vim.trim(head .. encoded)
end

local function note(arrow, other, body)
  local ok, message = pcall(vim.json.decode, body)
  if not ok then
    return table.insert(lines, arrow .. " (not JSON)")
  end
  local key = arrow .. tostring(message.id)
  if message.method and message.id ~= nil then
    methods[key] = message.method
  end
  local asked = message.id ~= nil and methods[other .. tostring(message.id)]
  local kind = message.method or ("(%s)"):format(asked or "?")
  local counted = arrow .. " " .. kind
  counts[counted] = (counts[counted] or 0) + 1
  if counts[counted] > MOST or #lines >= MOST_LINES then
    omitted[counted] = (omitted[counted] or 0) + 1
    return
  end
  table.insert(lines, line_of(arrow, message, kind))
end

--- Returns a function that takes bytes and calls `note` with each whole message.
local function reader(arrow, other)
  local buffer = ""
  return function(data)
    buffer = buffer .. data
    while true do
      local head, rest = buffer:match("^(.-)\r\n\r\n()")
      local size = head and tonumber(head:match("[Cc]ontent%-[Ll]ength: *(%d+)"))
      if not size or #buffer < rest + size - 1 then
        return
      end
      note(arrow, other, buffer:sub(rest, rest + size - 1))
      buffer = buffer:sub(rest + size)
    end
  end
end

---@param code? integer
local function write(code)
  local text =
    { "# " .. title, "", "`→` is the client, `←` the server; long messages are cut." }
  vim.list_extend(text, { "", "```" })
  vim.list_extend(text, lines)
  table.insert(text, "```")
  table.insert(text, "")
  local ended = code and ("The server ended with exit code %d."):format(code)
  table.insert(
    text,
    (ended or "The client killed the server before it had ended.") .. " Not shown:"
  )
  local rest = {}
  for kind, count in pairs(omitted) do
    table.insert(rest, ("%d more `%s`"):format(count, kind))
  end
  table.sort(rest)
  table.insert(text, (#rest > 0 and table.concat(rest, ", ") or "nothing") .. ".")
  -- Whole or not at all: some clients kill their server as soon as they have asked it to end.
  vim.fn.writefile(text, file .. ".new")
  os.rename(file .. ".new", file)
end

local input, output = assert(uv.new_pipe()), assert(uv.new_pipe())
local from_client, to_client = assert(uv.new_pipe()), assert(uv.new_pipe())
local exit_code
assert(uv.spawn(program[1], {
  args = vim.list_slice(program, 2),
  stdio = { input, output, 2 },
}, function(code, signal)
  exit_code = signal > 0 and 128 + signal or code
end))
assert(from_client:open(0))
assert(to_client:open(1))
local asked, answered = {}, {}
from_client:read_start(function(_, data)
  if not data then
    return input:shutdown()
  end
  input:write(data)
  table.insert(asked, data)
end)
local closed = false
output:read_start(function(_, data)
  if not data then
    closed = true
    return
  end
  to_client:write(data)
  table.insert(answered, data)
end)

local read_asked, read_answered = reader("→", "←"), reader("←", "→")
-- Decoding waits for the main loop, where all of Neovim's functions can be called.
vim.wait(600000, function()
  local fresh = asked[1] or answered[1]
  while asked[1] or answered[1] do
    if asked[1] then
      read_asked(table.remove(asked, 1))
    end
    if answered[1] then
      read_answered(table.remove(answered, 1))
    end
  end
  if fresh then
    write(nil)
  end
  return exit_code and closed
end, 5)
write(exit_code)
os.exit(exit_code or 1)
