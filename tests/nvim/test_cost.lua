-- SPDX-License-Identifier: Apache-2.0
-- An update costs no more in a long chat: what is read, what is edited, what is registered (B16).
local case = require("helpers.case")
local environment = require("helpers.environment")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local LINES = 2000
local LONG = ("A line of a long chat.\n"):rep(LINES) .. "Q"

--- Counts reads and edits of the chat: `_G.read` is the number of lines read, `_G.edits` has the
--- place, the bytes removed and the new rows of each change.
local WATCH = [[
  _G.read, _G.edits = 0, {}
  local get_lines, get_text = vim.api.nvim_buf_get_lines, vim.api.nvim_buf_get_text
  vim.api.nvim_buf_get_lines = function(...)
    local lines = get_lines(...)
    _G.read = _G.read + #lines
    return lines
  end
  vim.api.nvim_buf_get_text = function(...)
    local lines = get_text(...)
    _G.read = _G.read + #lines
    return lines
  end
  for _, name in ipairs({ "getline", "getbufline" }) do
    local original = vim.fn[name]
    vim.fn[name] = function(...)
      local result = original(...)
      _G.read = _G.read + (type(result) == "table" and #result or 1)
      return result
    end
  end
  vim.api.nvim_buf_attach(0, false, {
    on_bytes = function(_, _, _, row, column, _, old_rows, old_columns, old_bytes, new_rows)
      table.insert(_G.edits, { row, column, old_bytes, new_rows })
    end,
  })
]]

T["the buffer is read once per send, and every edit inserts at the answer's end"] = function()
  local child = case.child()
  local pieces = {}
  for index = 1, 30 do
    pieces[index] = (index % 4 == 0 and "\n" or "") .. "piece" .. index .. " "
  end
  case.standin:script({ replies.gated(pieces) })
  child:chat(LONG)
  child:command("normal! gg")
  -- The outline of messages is read once per buffer, not per send, and then follows edits.
  child:lua("require('chatvim.chat.outline').at(0, 0)")
  -- The plugin's other files must not be loaded yet: they keep references to the watched functions.
  eq(child:lua("return package.loaded['chatvim.chat.running'] == nil"), true)
  child:lua(WATCH)
  child:command("ChatvimComplete")
  for index, piece in ipairs(pieces) do
    -- Vim's search calls none of the watched functions.
    wait.until_true(piece, function()
      return child:lua("return vim.fn.search(..., 'nw')", [[\<]] .. vim.trim(piece) .. [[\>]]) > 0
    end)
    case.standin:release(index < #pieces and "g" .. index or "end")
  end
  child:wait_end()
  local counts = child:lua("return { _G.read, #_G.edits }")
  -- The whole text once, and at most a screen for each update and for the end.
  local others = counts[1] - LINES - 1
  eq({ others, others >= 0 and others < 30 * counts[2] + 100 }, { others, true })
  local edits = child:lua("return _G.edits")
  eq(#edits >= #pieces, true)
  local row, column = LINES, 1
  for number, edit in ipairs(edits) do
    -- At or after the end of the previous edit, and nothing is removed.
    local after = edit[1] > row or (edit[1] == row and edit[2] >= column)
    eq({ number, edit[1], edit[2], after, edit[3] }, { number, edit[1], edit[2], true, 0 })
    row, column = edit[1], edit[2]
  end
end

T["nothing is registered for events of every key press"] = function()
  local child = case.child()
  local function registered()
    return child:lua([[
      local counts = {}
      for _, event in ipairs({
        "TextChanged", "TextChangedI", "TextChangedP", "CursorMoved", "CursorMovedI",
        "InsertCharPre", "CursorHold", "WinScrolled", "BufUnload",
      }) do
        counts[event] = #vim.api.nvim_get_autocmds({ event = event })
      end
      return counts
    ]])
  end
  child:command("runtime plugin/chatvim.lua")
  local before = registered()
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  eq(registered(), before)
  eq(child:lua("return vim.on_key()"), 0)
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  -- Whatever a running answer registers is removed when it ends.
  eq(registered(), before)
end

T["loading the plugin requires nothing, starts nothing and reads only its own file"] = function()
  local child = case.child()
  eq(child:lua("return vim.g.loaded_chatvim"), true)
  eq(child:lua("return vim.fn.exists(':ChatvimComplete')"), 2)
  local loaded = child:lua([[
    return vim.tbl_filter(function(name)
      return name:find("^chatvim") ~= nil
    end, vim.tbl_keys(package.loaded))
  ]])
  eq(loaded, {})
  local scripts = child:lua([[
    return vim.tbl_map(function(script)
      return script.name
    end, vim.fn.getscriptinfo({ name = "chatvim" }))
  ]])
  local root = vim.uv.fs_realpath(environment.root)
  local own = vim.tbl_filter(function(name)
    local path = vim.uv.fs_realpath(name) or name
    -- Neovim's own files may be inside the root, in .deps.
    return vim.startswith(path, root .. "/") and not vim.startswith(path, root .. "/.deps/")
  end, vim.tbl_map(vim.fs.normalize, scripts))
  eq(#own, 1)
  eq(child:program_pid(), nil)
end

T["a markdown file that is not a chat starts nothing"] = function()
  local child = case.child()
  child:chat("# Notes\n\nNo chat.\n", "notes.md")
  child:sync()
  eq(child:program_pid(), nil)
  eq(child:lua("return package.loaded['chatvim.program.process'] == nil"), true)
end

T["after a slow update the next one waits at least as long"] = function()
  local child = case.child()
  case.standin:script({
    {
      steps = {
        { deltas = { text = "word ", count = 400, per_second = 1000 } },
        { finish = "stop" },
      },
    },
  })
  child:chat("Q")
  child:lua([[
    local buffer, now = require("chatvim.chat.buffer"), vim.uv.hrtime
    local append = buffer.append
    _G.spans = {}
    buffer.append = function(...)
      local began = now()
      local outcome = append(...)
      while now() - began < 60e6 do
      end
      table.insert(_G.spans, { began, now() })
      return outcome
    end
  ]])
  eq(child:complete().outcome, "done")
  local spans = child:lua("return _G.spans")
  eq(#spans > 2, true)
  for index = 2, #spans do
    local pause = (spans[index][1] - spans[index - 1][2]) / 1e6
    eq({ index, pause, pause >= 55 }, { index, pause, true })
  end
  local _, words = child:text():gsub("word", "")
  eq(words, 400)
end

return T
