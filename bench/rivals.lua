-- SPDX-License-Identifier: Apache-2.0
-- Implementations to compare Chatvim with, as code to run in an editor: how plugins without a
-- program of their own work.
local M = {}

-- Runs `curl -N`, decodes its lines in Lua, and rewrites the whole answer for each chunk of output.
M.curl = [[
  local url, count = ...
  local buf = vim.api.nvim_get_current_buf()
  local start = vim.api.nvim_buf_line_count(buf)
  local answer, rest = "", ""
  _G.started = vim.uv.hrtime()
  local body = { model = "m1", stream = true, messages = { { role = "user", content = "q" } } }
  vim.fn.jobstart({ "curl", "-sN", "-H", "Content-Type: application/json",
    "-H", "Authorization: Bearer k", "-d", vim.json.encode(body), url }, {
    on_stdout = function(_, data)
      data[1] = rest .. data[1]
      rest = table.remove(data)
      for _, line in ipairs(data) do
        local json = line:match("^data: ({.*)")
        local ok, chunk = pcall(vim.json.decode, json or "")
        local choice = ok and chunk.choices and chunk.choices[1]
        if choice and type(choice.delta.content) == "string" then
          answer = answer .. choice.delta.content
        end
      end
      vim.api.nvim_buf_set_lines(buf, start, -1, false, vim.split(answer, "\n"))
      vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(buf), 0 })
    end,
    on_exit = function() _G.done(vim.uv.hrtime()) end,
  })
]]

-- Sends a whole chat with the shortest fair script, as a simple plugin would: splits the buffer's
-- lines at delimiters, encodes them as JSON, and writes them to `curl`.
M.script = [[
  local url = ...
  _G.started = vim.uv.hrtime()
  local roles = { ["# === USER ==="] = "user", ["# === ASSISTANT ==="] = "assistant" }
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
  local messages, role, first = {}, "user", 1
  local function add(last)
    local text = vim.trim(table.concat(lines, "\n", first, last))
    if text ~= "" then
      messages[#messages + 1] = { role = role, content = text }
    end
  end
  for index, line in ipairs(lines) do
    if roles[line] then
      add(index - 1)
      role, first = roles[line], index + 1
    end
  end
  add(#lines)
  local body = vim.json.encode({ model = "m1", stream = true, messages = messages })
  local job = vim.fn.jobstart({ "curl", "-sN", "-H", "Content-Type: application/json",
    "-H", "Authorization: Bearer k", "-H", "Expect:", "--data-binary", "@-", url }, {
    on_exit = function() _G.done(vim.uv.hrtime()) end,
  })
  vim.fn.chansend(job, body)
  vim.fn.chanclose(job, "stdin")
  _G.blocked = (vim.uv.hrtime() - _G.started) / 1e6
]]

-- Inserts text into the buffer from a Lua timer at a fixed rate: the cost of Neovim itself.
M.timer = [[
  local texts, per_second = ...
  local buf = vim.api.nvim_get_current_buf()
  local start, index = vim.uv.hrtime(), 0
  local row = vim.api.nvim_buf_line_count(buf) - 1
  local column = #vim.api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
  local timer = vim.uv.new_timer()
  timer:start(0, 1, vim.schedule_wrap(function()
    while index < #texts and vim.uv.hrtime() - start >= index / per_second * 1e9 do
      index = index + 1
      local lines = vim.split(texts[index], "\n")
      vim.api.nvim_buf_set_text(buf, row, column, row, column, lines)
      column = #lines == 1 and column + #lines[1] or #lines[#lines]
      row = row + #lines - 1
      vim.api.nvim_win_set_cursor(0, { row + 1, column })
    end
    if index == #texts and timer:is_active() then
      timer:stop()
      _G.done(vim.uv.hrtime())
    end
  end))
]]

return M
