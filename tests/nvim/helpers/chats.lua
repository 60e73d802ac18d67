-- SPDX-License-Identifier: Apache-2.0
-- Chats in a child's folder, and a stub of `vim.ui.select` that chooses one.
local case = require("helpers.case")
local files = require("helpers.system")
local wait = require("helpers.wait")

local M = {}

--- The modification time of the newest chat, in seconds since 1970. The child's time zone is UTC.
local MOMENT = 1795633380 -- 2026-11-25 19:03

--- Writes a file in the child's folder, dated `age` seconds before `MOMENT`.
function M.write(child, name, text, age)
  local path = vim.fs.joinpath(child.folder, name)
  files.write(path, text)
  assert(vim.uv.fs_utime(path, MOMENT - age, MOMENT - age))
  return path
end

function M.start(options)
  return case.child(vim.tbl_deep_extend("force", { env = { TZ = "UTC" } }, options or {}))
end

--- Writes three chats and a note that is no chat.
function M.write_three(child)
  M.write(child, "chat-b.md", "# Why is the sky blue?\n\nReally.\n", 0)
  M.write(child, "chat-a.md", "Old?\n\n# === ASSISTANT ===\n\nThe Needle.\n", 3600)
  M.write(child, "plan.md", "+++\nmodel = 'm1'\n+++\n", 60)
  M.write(child, "note.md", "no chat\n", 1)
end

--- Makes `vim.ui.select` choose the chat of that name, or cancel if there is none; with false it
--- never answers. Records what it was given.
function M.stub_picker(child, name)
  child:lua(
    [[
    local name = ...
    _G.shown = nil
    vim.ui.select = function(items, options, on_choice)
      local lines = {}
      for _, item in ipairs(items) do
        table.insert(lines, options.format_item(item, true))
      end
      _G.shown = { lines = lines, prompt = options.prompt, kind = options.kind }
      _G.items, _G.options, _G.on_choice = items, options, on_choice
      if name == false then
        return
      end
      for index, item in ipairs(items) do
        if item.name == name then
          return on_choice(item, index)
        end
      end
      on_choice(nil)
    end
  ]],
    name
  )
end

function M.shown(child)
  return wait.until_true("the picker", function()
    local got = child:lua("return _G.shown")
    return got ~= vim.NIL and got
  end)
end

--- Waits until the current buffer shows a file of that name.
function M.wait_name(child, name)
  wait.until_true(name .. " in the window", function()
    return vim.fs.basename(child:api("nvim_buf_get_name", 0)) == name
  end)
end

--- Runs a command and expects it to show one message that contains `message`, without an error.
function M.refuse(child, command, message)
  local before = child:messages()
  child:command(command)
  child:wait_message(message)
  child:sync()
  local said = child:messages():sub(#before + 1):gsub("\n", " ")
  case.expect_part(said, message)
  MiniTest.expect.equality(child:api("nvim_get_vvar", "errmsg"), "")
end

return M
