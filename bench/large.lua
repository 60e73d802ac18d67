-- SPDX-License-Identifier: Apache-2.0
-- Measures the command on chats of 5 MB and 20 MB. For comparison: a Lua script and a child curl.
local editors = require("editor")
local measure = require("measure")
local rivals = require("rivals")
local statistics = require("statistics")
local texts = require("texts")

local M = {}

local function by_script(standin, lines)
  local editor = editors.start({ plain = true })
  local times, blocked = {}, {}
  for _ = 1, 7 do
    measure.forget(standin)
    standin:script({ { steps = { { deltas = { count = 3 } }, { finish = "stop" } } } })
    editor:open_chat(lines)
    vim.wait(2000)
    editor:await(rivals.script, ("http://localhost:%d/v1/chat/completions"):format(standin.port))
    local record = measure.record_of(standin)
    table.insert(times, (record.body_ns - editor:lua("return _G.started")) / 1e6)
    table.insert(blocked, editor:lua("return _G.blocked"))
  end
  editor:stop()
  return times, blocked
end

---@param standin tests.Standin
function M.run(standin)
  for _, megabytes in ipairs({ 5, 20 }) do
    local lines = texts.large_chat(megabytes)
    local editor = editors.start({ config = measure.config(standin) })
    measure.command_to_request(editor, standin, 1)
    local times, blocked = measure.command_to_request(editor, standin, 7, lines)
    editor:stop()
    local script_times, script_blocked = by_script(standin, lines)
    local name = ("%d MB chat: "):format(megabytes)
    measure.report(name .. "command to request", measure.show(times))
    measure.report("  Neovim blocked by the command", measure.show(blocked), "as the rival at most")
    measure.report("  rival: a Lua script and a child curl", measure.show(script_times))
    measure.report("  Neovim blocked by the rival", measure.show(script_blocked))
    measure.report(
      "  ratio",
      ("%.2f"):format(statistics.median(times) / statistics.median(script_times)),
      "0.5"
    )
  end
end

return M
