-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimChats! renames, titles and deletes chats, and nothing is lost.
local case = require("helpers.case")
local chats = require("helpers.chats")
local files = require("helpers.system")
local journals = require("helpers.journals")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Makes the child's pickers choose the chat `name`, then the actions in `words` one after the
--- other, and its prompts return `input`.
local function answer_with(child, name, words, input)
  child:lua(
    [[
    local name, words, input = ...
    vim.ui.select = function(items, options, on_choice)
      for index, item in ipairs(items) do
        local text = type(item) == "table" and (item.name or item.text) or item
        if text == name or vim.list_contains(words, text) then
          return on_choice(item, index)
        end
      end
      on_choice(nil)
    end
    vim.ui.input = function(options, on_confirm)
      _G.default = options.default
      on_confirm(input)
    end
  ]],
    name,
    words,
    input
  )
end

--- Picks a chat and an action.
local function manage(child, name, words, input)
  answer_with(child, name, words, input or vim.NIL)
  child:command("ChatvimChats!")
end

local function exists(child, name)
  return vim.uv.fs_stat(child.folder .. "/" .. name) ~= nil
end

local function wait_file(child, name)
  wait.until_true(name, function()
    return exists(child, name)
  end)
end

T["renames a chat that is open, with its text that is not written"] = function()
  local child = chats.start()
  chats.write_three(child)
  child:command("edit chat-a.md | edit chat-b.md | edit chat-a.md | normal! oNew")
  manage(child, "chat-a.md", { "give it another name" }, "sky")
  wait_file(child, "sky.md")
  eq(child:lua("return _G.default"), "chat-a.md")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "sky.md")
  eq({ exists(child, "chat-a.md"), child:lines()[2] }, { false, "New" })
  child:command("write")
  eq(files.read(child.folder .. "/sky.md"):match("^[^\n]*\n[^\n]*"), "Old?\nNew")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
  -- The buffer of the old name, which Neovim creates, is gone, and the alternate one is as before.
  eq({ #child:api("nvim_list_bufs"), child:lua("return vim.fn.bufnr('#')") }, { 2, 2 })
end

T["after a rename, an answer is written into the file"] = function()
  local child = chats.start({ options = { autosave = true } })
  child:chat("# === USER ===\n\nQ\n")
  manage(child, "chat.md", { "give it another name" }, "sky")
  wait_file(child, "sky.md")
  case.standin:script({ replies.answer("An answer.") })
  child:complete()
  case.expect_part(files.read(child.folder .. "/sky.md"), "An answer.")
end

T["a file that has changed since it was read is renamed as it is"] = function()
  local child = chats.start({ commands = { "set noautoread" } })
  child:chat("# === USER ===\n\nQ\n")
  local newer = "# === USER ===\n\nBy another program\n"
  files.write(child.folder .. "/chat.md", newer)
  manage(child, "chat.md", { "give it another name" }, "sky")
  wait_file(child, "sky.md")
  child:sync()
  eq(
    { files.read(child.folder .. "/sky.md"), child:lua("return vim.bo.modified") },
    { newer, false }
  )
end

T["a renamed chat keeps its undo history"] = function()
  local child = chats.start({ commands = { "set undofile" } })
  chats.write_three(child)
  child:command("edit chat-a.md | normal! oNew")
  child:command("write | bwipeout")
  manage(child, "chat-a.md", { "give it another name" }, "sky.md")
  wait_file(child, "sky.md")
  child:command("edit sky.md")
  eq(child:lines()[2], "New")
  child:feed("u")
  eq(child:lines()[2], "")
end

T["a renamed chat keeps the answer that was cut off"] = function()
  local child = chats.start()
  child:chat("# === USER ===\n\nQ\n")
  case.standin:script({ replies.hanging("An answer.") })
  child:command("ChatvimComplete")
  journals.wait(child, "An answer.")
  child:kill()
  child = child:another()
  manage(child, "chat.md", { "give it another name" }, "sky.md")
  wait_file(child, "sky.md")
  child:command("edit sky.md")
  child:wait_message("puts it back")
  child:command("ChatvimRecover")
  child:wait_text("An answer.")
end

T["a name that is taken, or has a slash, is refused"] = function()
  local child = chats.start()
  chats.write_three(child)
  for input, why in pairs({ ["chat-b.md"] = "already", ["a/b"] = "no slash" }) do
    manage(child, "chat-a.md", { "give it another name" }, input)
    child:wait_message(why)
    eq({ exists(child, "chat-a.md"), exists(child, "chat-b.md") }, { true, true })
  end
end

T["a chat that was closed gets a title, and its file is written"] = function()
  local child = chats.start()
  chats.write_three(child)
  manage(child, "chat-a.md", { "give it a title" }, "About the sea")
  child:wait_message("title: About the sea")
  local path = child.folder .. "/chat-a.md"
  wait.until_true("the written file", function()
    return vim.startswith(files.read(path), '+++\ntitle = "About the sea"\n+++\n\nOld?\n')
  end)
  -- With text that is not written, the file stays as it is.
  child:command("normal! GoNew")
  manage(child, "chat-a.md", { "give it a title" }, "About the sky")
  child:wait_message("title: About the sky")
  eq(child:lua("return { vim.bo.modified, _G.default }"), { true, "About the sea" })
  case.expect_part(files.read(path), "About the sea")
end

T["titles are shown first, and searched"] = function()
  local child = chats.start()
  chats.write_three(child)
  local titled = '+++\ntitle = "About the sky"\n+++\n\n# === USER ===\n\nWhy is it blue?\n'
  chats.write(child, "chat-a.md", titled, 3600)
  chats.stub_picker(child)
  child:command("ChatvimChats about the sky")
  local line = "2026-11-25 18:03  About the sky · Why is it blue?  (chat-a.md)"
  eq(chats.shown(child).lines, { line })
  local formatted = child:lua([[
    return require("chatvim.command.chats").format(_G.items[1], 40)
  ]])
  eq(formatted, "2026-11-25 18:03  About the sky · Why i…")
end

T["a deleted chat goes to the trash folder, beside one of the same name"] = function()
  local child = chats.start()
  for count, name in ipairs({ "chat-a.md", "chat-a-2.md" }) do
    chats.write_three(child)
    child:command("edit chat-a.md")
    manage(child, "chat-a.md", { "delete it", "Yes, delete it" })
    wait_file(child, ".trash/" .. name)
    child:wait_message(".trash/" .. name)
    eq(exists(child, "chat-a.md"), false)
    eq({ count, child:api("nvim_buf_get_name", 0) }, { count, "" })
  end
  chats.stub_picker(child)
  child:command("ChatvimChats")
  eq(#chats.shown(child).lines, 2)
end

T["nothing is deleted without a yes, or with text that is not written"] = function()
  local child = chats.start()
  chats.write_three(child)
  manage(child, "chat-a.md", { "delete it", "No" })
  child:sync()
  child:command("edit chat-a.md | normal! oNew")
  manage(child, "chat-a.md", { "delete it", "Yes, delete it" })
  child:wait_message("nothing was deleted")
  eq({ exists(child, "chat-a.md"), exists(child, ".trash") }, { true, false })
  eq(child:lines()[2], "New")
end

return T
