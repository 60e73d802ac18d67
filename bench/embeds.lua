-- SPDX-License-Identifier: Apache-2.0
-- Measures whether large embedded files affect the editor (behaviour B8): compares a one-line chat
-- with the same chat that embeds 20 MB of text, and with one that embeds a 5 MB picture.
local editors = require("editor")
local measure = require("measure")
local statistics = require("statistics")

local M = {}

local MEGABYTE = 1000 * 1000
--- The header of a PNG of 2000 x 1000 pixels.
local PNG = "\137PNG\r\n\26\n\0\0\0\13IHDR\0\0\7\208\0\0\3\232\8\2\0\0\0\0\0\0\0"
local RUNS = 5

---@param standin tests.Standin
function M.run(standin)
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, "p")
  local line = ("The quick brown fox jumps over the lazy dog. "):rep(2):sub(1, 79) .. "\n"
  M._write(folder .. "/a.txt", line:rep(20 * MEGABYTE / #line))
  M._write(folder .. "/a.png", PNG .. ("\0\1\2\3"):rep((5 * MEGABYTE - #PNG) / 4))
  for _, case in ipairs({
    { "no embed: command to request", "What is this?" },
    { "20 MB of text: command to request", "![](%s/a.txt)", 20 },
    { "a picture of 5 MB: command to request", "![](%s/a.png)", 6.6 },
  }) do
    M._measure(case[1], case[2]:format(folder), case[3] or 0, folder, standin)
  end
  vim.fn.delete(folder, "rf")
end

--- Opens a chat, waits until the editor is idle, and sends the chat.
---@param name string
---@param question string
---@param megabytes number minimum size of the request
---@param folder string the editor's working folder
---@param standin tests.Standin
function M._measure(name, question, megabytes, folder, standin)
  local editor = editors.start({ config = measure.config(standin) })
  editor:lua("vim.cmd.cd(...)", folder)
  local times, gaps = {}, {}
  for _ = 1, RUNS do
    measure.forget(standin)
    standin:script({ { steps = { { deltas = { count = 3 } }, { finish = "stop" } } } })
    editor:open_chat({ "# === USER ===", "", question })
    vim.wait(1500)
    measure.watch(editor)
    local _, started = editor:complete()
    table.insert(gaps, measure.longest_gap(editor))
    local record = measure.record_of(standin)
    assert(record.body_bytes >= megabytes * MEGABYTE, "the embed was not sent")
    table.insert(times, (record.body_ns - started) / 1e6)
  end
  measure.report(name, ("%.1f ms"):format(statistics.median(times)))
  measure.report(
    "  longest gap in Neovim's loop",
    ("%.1f ms"):format(statistics.median(gaps)),
    "50"
  )
  measure.report("  memory of the program, at its most", ("%.0f MB"):format(editor:memory("VmHWM")))
  editor:stop()
end

---@param path string
---@param bytes string
function M._write(path, bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

return M
